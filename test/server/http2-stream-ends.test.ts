import { type ClientHttp2Stream, connect, constants, type SecureClientSessionOptions } from "node:http2";
import { _get, _post, jsonBody, Resource, Server } from "argania";
import { connectLayer } from "argania/connect";
import { expect, onTestFinished, test } from "vitest";
import { RawClient } from "./raw-client.ts";
import { EXPECT_CONTINUE, PREFACE, postFrame, resetFrame } from "./raw-http2.ts";
import { MemoryLogger, serve } from "./serve.ts";

/** Longer than a test may take: a server that waits for it does not close. */
const GRACE = 60_000;

async function start(options: SecureClientSessionOptions = {}) {
  const events: string[] = [];
  const root = new Resource("/").setHandlerFor(_get.to(() => "a whole answer"));
  root.subresource("/stream").setHandlerFor(
    _get.to(async function* () {
      try {
        for (;;) {
          yield "x".repeat(10_000);
        }
      } finally {
        events.push("released");
      }
    }),
  );
  root.subresource("/waiting").setHandlerFor(
    _get.to(({ signal }) => {
      events.push("begun");
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          events.push("aborted");
          reject(signal.reason);
        });
      });
    }),
  );
  root.subresource("/left").setHandlerFor(
    _post.to(async ({ body }) => {
      await body?.getReader().read();
      return "early";
    }),
  );
  const note = { extract: () => events.push("begun") };
  root.subresource("/json").setHandlerFor(_post.to([note, jsonBody], () => "never"));
  root.subresource("/text").setHandlerFor(
    _post.to([note], async (_, context) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return context.request.text().catch((error) => {
        events.push(error.name);
        throw error;
      });
    }),
  );
  root.subresource("/background").setHandlerFor(
    _post.to((context) => {
      context.request.text().then(
        (text) => events.push(`read ${text.length}`),
        () => events.push("cut off"),
      );
      return "early";
    }),
  );
  root
    .subresource("/behind")
    .setHandlerFor(_post.to(() => "early").wrappedIn(connectLayer((_request, _response, next) => next())));
  const server = new Server().withHttp2().withGracefulShutdown(GRACE);
  const logger = new MemoryLogger();
  const handle = await serve(root.intoService({ logger }), server);
  const session = connect(handle.url, options);
  session.on("error", () => {});
  onTestFinished(() => session.destroy());
  await new Promise((resolve) => session.once("remoteSettings", resolve));
  return { ...handle, session, events, logger };
}

const closed = (stream: ClientHttp2Stream) => new Promise((resolve) => stream.once("close", resolve));

test.each(["/", "/stream"])("a stream that is reset with NO_ERROR is let go of: %s", async (path) => {
  const { session, events, close } = await start({ settings: { initialWindowSize: 0 } });
  const stream = session.request({ ":path": path });
  stream.on("error", () => {});
  await new Promise((resolve) => stream.once("response", resolve));
  stream.close(constants.NGHTTP2_NO_ERROR);
  await closed(stream);
  if (path === "/stream") {
    await expect.poll(() => events, { timeout: 4_000 }).toEqual(["released"]);
  }
  // Else the connection is kept for the stream, however long.
  await close();
});

test.each([
  ["GET", "NO_ERROR"],
  ["HEAD", "NO_ERROR"],
  ["HEAD", "CANCEL"],
  ["HEAD", undefined],
] as const)("so is one without an answer, and its signal is aborted: %s, %s", async (method, code) => {
  const { session, events, logger, close } = await start();
  const stream = session.request({ ":path": "/waiting", ":method": method });
  stream.on("error", () => {});
  await expect.poll(() => events).toEqual(["begun"]);
  if (code === undefined) {
    session.destroy();
  } else {
    stream.close(constants[`NGHTTP2_${code}`]);
  }
  await expect.poll(() => events, { timeout: 4_000 }).toEqual(["begun", "aborted"]);
  await close();
  expect(logger.reports).toEqual([]);
});

test.each(["/left", "/behind"])(
  "%s: a body that is not read to its end goes with its answer",
  async (path) => {
    const { session, close } = await start();
    const stream = session.request({ ":path": path, ":method": "POST" });
    stream.resume().end("x".repeat(60_000));
    await closed(stream);
    expect(stream.rstCode).toBe(constants.NGHTTP2_NO_ERROR);
    await close();
  },
);

test.each(["/left", "/behind"])("%s: a client that goes on sending is asked to stop", async (path) => {
  const { session, close } = await start();
  const stream = session.request({ ":path": path, ":method": "POST" });
  stream.on("error", () => {});
  const answer = new Promise((resolve) => stream.setEncoding("utf8").once("data", resolve));
  stream.write("begun");
  expect(await answer).toBe("early");
  await closed(stream);
  expect(stream.rstCode).toBe(constants.NGHTTP2_NO_ERROR);
  await close();
});

test("whoever reads a body in the background gets it, or learns that it was cut off", async () => {
  const { session, events } = await start();
  const whole = session.request({ ":path": "/background", ":method": "POST" });
  whole.resume().end("x".repeat(60_000));
  await expect.poll(() => events).toEqual(["read 60000"]);
  const half = session.request({ ":path": "/background", ":method": "POST" });
  half.on("error", () => {});
  half.resume().write("x".repeat(1_000));
  await expect.poll(() => events, { timeout: 4_000 }).toEqual(["read 60000", "cut off"]);
});

test.each([
  ["/json", "", "NO_ERROR"],
  ["/json", EXPECT_CONTINUE, "NO_ERROR"],
  ["/json", EXPECT_CONTINUE, "CANCEL"],
  ["/text", "", "CANCEL"],
  ["/text", EXPECT_CONTINUE, "NO_ERROR"],
] as const)(
  "a request that is reset in the bytes that bring it is no failure: %s%s, %s",
  async (path, header, code) => {
    const { port, events, logger, close } = await start();
    const client = await RawClient.connect(port);
    onTestFinished(() => client.close());
    client.send(PREFACE + postFrame(1, path, header) + resetFrame(1, constants[`NGHTTP2_${code}`]));
    await expect.poll(() => events).toEqual(path === "/json" ? ["begun"] : ["begun", "AbortError"]);
    client.close();
    await close();
    expect(logger.reports).toEqual([]);
  },
);
