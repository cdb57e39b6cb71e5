import { type ClientHttp2Session, connect, constants } from "node:http2";
import { _get, _post, jsonBody, Resource, Server } from "argania";
import { expect, onTestFinished, test } from "vitest";
import { RawClient } from "./raw-client.ts";
import { PREFACE, postFrame, resetFrame } from "./raw-http2.ts";
import { serve } from "./serve.ts";

/** A site whose handlers go on after their client has gone, until they are released. */
async function start() {
  const held: (() => void)[] = [];
  let begun = 0;
  const root = new Resource("/").setHandlerFor(
    _get.to(() => {
      begun++;
      return new Promise<string>((resolve) => held.push(() => resolve("late")));
    }),
  );
  const giveUp = ({ signal }: { readonly signal: AbortSignal }) => {
    begun++;
    return new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  };
  root.subresource("/giving-up").setHandlerFor(_post.to(giveUp));
  const begin = { extract: () => begun++ };
  root.subresource("/body").setHandlerFor(_post.to([begin, jsonBody], () => "never"));
  const { url, port } = await serve(
    root.intoService(),
    new Server().withHttp2().withLimits({ maxConcurrentStreams: 10 }),
  );
  const session = connect(url);
  session.on("error", () => {});
  onTestFinished(() => session.destroy());
  await new Promise((resolve) => session.once("remoteSettings", resolve));
  const release = () => {
    for (const answer of held.splice(0)) {
      answer();
    }
  };
  return { session, port, begun: () => begun, running: () => held.length, release };
}

/** Opens a stream, and resets it once its handler runs. False when there was none. */
async function openAndReset(session: ClientHttp2Session, begun: () => number): Promise<boolean> {
  if (session.closed || session.destroyed) {
    return false;
  }
  const before = begun();
  const stream = session.request({ ":path": "/" });
  const closed = new Promise((resolve) => stream.once("close", resolve));
  stream.on("error", () => {});
  while (begun() === before && !stream.closed) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  stream.close(constants.NGHTTP2_CANCEL);
  await closed;
  return true;
}

test("handlers of streams that were reset are bounded: 4 × maxConcurrentStreams, then the session ends", async () => {
  const { session, begun, release } = await start();
  const goaway = new Promise((resolve) => session.once("goaway", resolve));
  for (let index = 0; index < 500 && (await openAndReset(session, begun)); index++);
  expect(await goaway).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  expect(begun()).toBeGreaterThan(40);
  expect(begun()).toBeLessThan(60);
  release();
});

test("a client that resets many streams whose handlers end is served", async () => {
  const { session, begun, running, release } = await start();
  for (let index = 0; index < 200; index++) {
    expect(await openAndReset(session, begun)).toBe(true);
    if (running() >= 20) {
      release();
    }
  }
  expect(begun()).toBe(200);
  expect(session.closed).toBe(false);
});

test.each(["/giving-up", "/body"])("so is one whose handlers give up with it (%s)", async (path) => {
  const { port, begun } = await start();
  const client = (await RawClient.connect(port)).send(PREFACE);
  onTestFinished(() => client.close());
  for (let index = 0; index < 100; index++) {
    const stream = 2 * index + 1;
    client.send(postFrame(stream, path));
    await expect.poll(begun, { interval: 1 }).toBe(index + 1);
    client.send(resetFrame(stream));
  }
});
