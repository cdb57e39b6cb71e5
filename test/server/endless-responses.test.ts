import { connect as connectHttp2 } from "node:http2";
import {
  _get,
  DrainNotice,
  LightResponse,
  type Payload,
  RequestContext,
  Resource,
  Server,
  type Service,
} from "argania";
import { describe, expect, test } from "vitest";
import { RawClient } from "./raw-client.ts";
import { MemoryLogger, serve } from "./serve.ts";

const GRACE = 600_000;

interface Endless {
  readonly body: () => Payload;
  released: boolean;
}

/** The same endless stream, which waits for what never comes, in the forms that a handler may give it. */
const bodies: Record<string, () => Endless> = {
  iterator: () => {
    const endless: Endless = {
      released: false,
      body: () => {
        let isFirst = true;
        const iterator = {
          [Symbol.asyncIterator]: () => iterator,
          next: () => {
            const value = isFirst ? Promise.resolve({ value: "data:1\n\n", done: false }) : never;
            isFirst = false;
            return value as Promise<IteratorResult<string>>;
          },
          return: async () => {
            endless.released = true;
            return { value: undefined, done: true as const };
          },
        };
        return iterator;
      },
    };
    return endless;
  },
  "web stream": () => {
    const endless: Endless = {
      released: false,
      body: () =>
        new ReadableStream({
          start: (controller) => controller.enqueue(new TextEncoder().encode("data:1\n\n")),
          cancel: () => {
            endless.released = true;
          },
        }),
    };
    return endless;
  },
};

const never = new Promise<never>(() => {});

function siteOf(body: () => Payload, type = "text/event-stream; charset=utf-8"): Service {
  const respond = () => new LightResponse(body(), { headers: { "content-type": type } });
  return new Resource("/").setHandlerFor(_get.to(respond)).intoService({ logger: new MemoryLogger() });
}

const serveLong = (service: Service, server = new Server()) =>
  serve(service, server.withGracefulShutdown(GRACE));

describe.each(Object.entries(bodies))("an event stream from a %s", (_, make) => {
  test("ends properly when the server drains, long before the grace period is over", async () => {
    const endless = make();
    const { port, close } = await serveLong(siteOf(endless.body));
    const client = await RawClient.connect(port);
    await client.get("/").until(/data:1/);
    await close();
    expect(await client.all()).toMatch(/data:1\n\n\r\n0\r\n\r\n$/);
    expect(endless.released).toBe(true);
  });

  test("does so over HTTP/2", async () => {
    const endless = make();
    const { port, close } = await serveLong(siteOf(endless.body), new Server().withHttp2());
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    const stream = session.request({ ":path": "/" });
    let received = "";
    stream.on("data", (chunk) => {
      received += chunk;
    });
    await expect.poll(() => received).toBe("data:1\n\n");
    await close();
    await expect.poll(() => stream.closed).toBe(true);
    expect([stream.rstCode, stream.readableEnded, endless.released]).toEqual([0, true, true]);
    session.close();
  });

  test("ends at once when its request comes during the drain", async () => {
    const endless = make();
    const { port, close } = await serveLong(siteOf(endless.body));
    const client = await RawClient.connect(port);
    const closed = close();
    expect(await client.get("/").all()).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\n0\r\n\r\n$/);
    await closed;
    expect(endless.released).toBe(true);
  });
});

test("other streams are not cut short by a drain", async () => {
  let release = (): void => {};
  async function* body() {
    yield "begun,";
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    yield "ended";
  }
  const { port, close } = await serveLong(siteOf(body, "text/plain"));
  const client = await RawClient.connect(port);
  await client.get("/").until(/begun/);
  const closed = close();
  await new Promise((resolve) => setTimeout(resolve, 50));
  release();
  await closed;
  expect(await client.all()).toMatch(/ended\r\n0\r\n\r\n$/);
});

test("nothing waits for the drain on behalf of a stream whose client has gone, whatever it waits for", async () => {
  const notices = new Set<DrainNotice>();
  const root = new Resource("/").setHandlerFor(
    _get.to((context) => {
      notices.add(RequestContext.drainNoticeOf(context) as DrainNotice);
      async function* body() {
        yield "data:1\n\n";
        await never;
      }
      return new LightResponse(body(), { headers: { "content-type": "text/event-stream" } });
    }),
  );
  const { port } = await serveLong(root.intoService());
  const client = await RawClient.connect(port);
  await client.get("/").until(/data:1/);
  const [notice] = [...notices] as [DrainNotice];
  expect(notice.listenerCount).toBe(1);
  client.close();
  await expect.poll(() => notice.listenerCount).toBe(0);
});

test("a notice is given once, to those who still want it", () => {
  const heard: string[] = [];
  const notice = new DrainNotice();
  const [first, second] = [() => heard.push("first"), () => heard.push("second")] as [() => void, () => void];
  notice.add(first);
  notice.add(second);
  notice.remove(first);
  expect(notice.isGiven).toBe(false);
  notice.give();
  notice.give();
  expect([heard, notice.isGiven, notice.listenerCount]).toEqual([["second"], true, 0]);
});
