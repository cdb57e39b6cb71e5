import { connect } from "node:http2";
import { _get, _post, jsonBody, type RequestContext, Resource, Server } from "argania";
import { describe, expect, onTestFinished, test } from "vitest";
import { RawClient } from "./raw-client.ts";
import { dataFrame, PREFACE, postFrame, resetFrame } from "./raw-http2.ts";
import { serve } from "./serve.ts";

/** What its handlers threw, and what of that was reported. */
async function start(server = new Server()) {
  const thrown: unknown[] = [];
  const reports: unknown[] = [];
  let begun = 0;
  const watched = <T>(read: (context: RequestContext<object>) => T | Promise<T>) => ({
    async extract(context: RequestContext<object>) {
      begun++;
      try {
        return await read(context);
      } catch (error) {
        thrown.push(error);
        throw error;
      }
    },
  });
  const untilLeft = ({ signal }: RequestContext<object>) =>
    new Promise<Event>((resolve) => signal.addEventListener("abort", resolve));
  const args = { nodeExtension: undefined, handlerExtension: undefined };
  const root = new Resource("/");
  root.setHandlerFor([
    _get.to(() => "root"),
    _post.to([watched((context) => jsonBody.extract(context, args))], () => {
      throw new Error("It ran with half a body.");
    }),
  ]);
  const reads: Record<string, (context: RequestContext<object>) => Promise<unknown>> = {
    "/stream": ({ request }) => request.text(),
    "/signal": async (context) => {
      await untilLeft(context);
      throw context.signal.reason;
    },
    "/late": async (context) => {
      await untilLeft(context);
      return jsonBody.extract(context, args);
    },
    "/late-stream": async (context) => {
      await untilLeft(context);
      return context.request.text();
    },
  };
  for (const [path, read] of Object.entries(reads)) {
    root.subresource(path).setHandlerFor(_post.to([watched(read)], () => "never"));
  }
  root.subresource("/aborted").setHandlerFor(
    _get.to(() => {
      throw new DOMException("Somebody else gave up.", "AbortError");
    }),
  );
  const service = root.intoService({ logger: { error: ({ err }) => reports.push(err) } });
  const { url, port } = await serve(service, server);
  return { url, port, thrown, reports, begun: () => begun };
}

const TYPE = "application/json";

describe("over HTTP/2", () => {
  const http2 = (limits = {}) => start(new Server().withHttp2().withLimits(limits));

  test("a reset in the middle of a body is no failure", async () => {
    const { url, port, thrown, reports, begun } = await http2();
    const client = (await RawClient.connect(port)).send(PREFACE + postFrame(1, "/") + dataFrame(1, '{"a":'));
    onTestFinished(() => client.close());
    await expect.poll(begun).toBe(1);
    client.send(resetFrame(1));
    await expect.poll(() => thrown).toMatchObject([{ name: "AbortError" }]);
    await answers(url);
    expect(reports).toEqual([]);
  });

  test.each(["/", "/stream", "/signal"])("nor is the end of the whole session (%s)", async (path) => {
    const { url, thrown, reports, begun } = await http2();
    const session = connect(url);
    session.on("error", () => {});
    const stream = session.request({ ":method": "POST", ":path": path, "content-type": TYPE });
    stream.on("error", () => {});
    stream.write('{"a":');
    await expect.poll(begun).toBe(1);
    session.destroy();
    await expect.poll(() => thrown).toMatchObject([{ name: "AbortError" }]);
    await answers(url);
    expect(reports).toEqual([]);
  });

  test.each(["/late", "/late-stream"])("nor a body that is read afterwards (%s)", async (path) => {
    const { url, port, thrown, reports, begun } = await http2();
    const client = (await RawClient.connect(port)).send(PREFACE + postFrame(1, path) + dataFrame(1, '{"a":'));
    onTestFinished(() => client.close());
    await expect.poll(begun).toBe(1);
    client.send(resetFrame(1));
    await expect.poll(() => thrown).toMatchObject([{ name: "AbortError" }]);
    await answers(url);
    expect(reports).toEqual([]);
  });

  test("nor a body that takes too long", async () => {
    const { url, thrown, reports } = await http2({ requestTimeout: 100, headersTimeout: 100 });
    const session = connect(url);
    onTestFinished(() => session.destroy());
    const stream = session.request({ ":method": "POST", ":path": "/", "content-type": TYPE });
    stream.write('{"a":');
    expect(await new Promise((resolve) => stream.once("response", (head) => resolve(head[":status"])))).toBe(
      408,
    );
    await expect.poll(() => thrown).toMatchObject([{ name: "AbortError" }]);
    await answers(url);
    expect(reports).toEqual([]);
  });

  /** A whole request later, the failure has come to where it is reported. */
  function answers(url: string): Promise<void> {
    return new Promise((resolve) => {
      const session = connect(url);
      const stream = session.request({ ":path": "/" });
      stream.resume().on("end", () => {
        session.destroy();
        resolve();
      });
    });
  }
});

test("a handler that throws somebody else's abort at once is a failure, and answered", async () => {
  const { port, reports } = await start();
  const client = (await RawClient.connect(port)).get("/aborted", "Connection: close");
  expect(await client.all()).toMatch(/^HTTP\/1\.1 500 /);
  expect(reports).toMatchObject([{ name: "AbortError" }]);
});
