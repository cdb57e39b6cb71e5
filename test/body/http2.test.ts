import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import { _post, jsonBody, type RequestContext, Server, type Service } from "argania";
import { describe, expect, onTestFinished, test } from "vitest";
import { serve, testTls } from "../server/serve.ts";
import { jsonApp } from "./json-app.ts";

const LIMIT = 100;

async function start(tls: boolean) {
  const signals: AbortSignal[] = [];
  const app = jsonApp(jsonBody.withLimit(LIMIT), (root) => {
    const untyped = root;
    untyped.subresource("/default").setHandlerFor(_post.to([jsonBody], () => "read"));
    untyped.subresource("/signal").setHandlerFor(
      _post.to([{ extract: ({ signal }: RequestContext<object>) => signals.push(signal) }, jsonBody], () => {
        throw new Error("It ran with half a body.");
      }),
    );
  });
  const streams: { readonly destroyed: boolean }[] = [];
  const watched: Service = {
    ...app.service,
    createNodeListener: (options) => {
      const listener = app.service.createNodeListener(options);
      return (request, response) => {
        streams.push(request.stream as unknown as (typeof streams)[number]);
        listener(request, response);
      };
    },
  };
  const server = new Server().withHttp2();
  const handle = await serve(watched, tls ? server.withTls(testTls()) : server);
  const session = connect(handle.url, { rejectUnauthorized: false });
  session.on("error", () => {});
  onTestFinished(() => session.destroy());
  return { ...app, session, signals, streams };
}

function post(session: ClientHttp2Session, path: string, headers: Record<string, string> = {}) {
  const stream = session.request({
    ":method": "POST",
    ":path": path,
    "content-type": "application/json",
    ...headers,
  });
  stream.on("error", () => {});
  return stream;
}

/** Until the server has closed the stream. Node's client waits for what it could not send, and tells by "aborted". */
function answerOf(
  stream: ClientHttp2Stream,
): Promise<{ status: number; body: string; code: number | undefined }> {
  return new Promise((resolve) => {
    let status = 0;
    let body = "";
    stream.on("response", (headers) => {
      status = Number(headers[":status"]);
    });
    stream.on("data", (chunk) => {
      body += chunk;
    });
    const end = () => resolve({ status, body, code: stream.rstCode });
    stream.on("aborted", () => stream.once("end", end));
    stream.on("close", end);
  });
}

describe.each([false, true])("a body over HTTP/2 (TLS: %j)", (tls) => {
  test("is read, in one frame or in many", async () => {
    const { session } = await start(tls);
    const one = post(session, "/");
    one.end("[1]");
    expect(await answerOf(one)).toMatchObject({ status: 200, body: '{"value":[1]}' });
    const many = post(session, "/");
    const answer = answerOf(many);
    for (const character of '["é"]') {
      many.write(character);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    many.end();
    expect(await answer).toMatchObject({ status: 200, body: '{"value":["é"]}' });
  });

  test("that is empty or missing says so", async () => {
    const { session } = await start(tls);
    const empty = post(session, "/");
    empty.end();
    expect(await answerOf(empty)).toMatchObject({ status: 400, body: expect.stringMatching(/is empty/) });
    const none = session.request(
      { ":method": "POST", ":path": "/", "content-type": "application/json" },
      { endStream: true },
    );
    expect(await answerOf(none)).toMatchObject({ status: 400, body: expect.stringMatching(/is empty/) });
  });

  test.each([
    ["by its length", { "content-length": "99999999" }],
    ["by what comes", {}],
  ])("that is too large %s is answered, and its stream ends without an error", async (_, headers) => {
    const { session, values, reports, streams } = await start(tls);
    const stream = post(session, "/", headers as Record<string, string>);
    const answer = answerOf(stream);
    // The client never ends it: the server must.
    stream.write("x".repeat(LIMIT + 1));
    expect(await answer).toMatchObject({
      status: 413,
      body: expect.stringMatching(/ARGANIA_BODY_LIMIT/),
      code: constants.NGHTTP2_NO_ERROR,
    });
    expect([values, reports]).toEqual([[], []]);
    await expect.poll(() => streams.map(({ destroyed }) => destroyed)).toEqual([true]);
    const next = post(session, "/");
    next.end("1");
    expect(await answerOf(next)).toMatchObject({ status: 200, body: '{"value":1}' });
  });

  test("that never ends is not taken after its answer", async () => {
    const { session, streams } = await start(tls);
    const stream = post(session, "/");
    const answer = answerOf(stream);
    const block = Buffer.alloc(65_536, "x");
    let sent = 0;
    while (!stream.closed && sent < 64 * 1024 * 1024) {
      sent += block.length;
      if (!stream.write(block)) {
        await Promise.race([new Promise((resolve) => stream.once("drain", resolve)), answer]);
      }
    }
    expect(await answer).toMatchObject({ status: 413 });
    expect(sent).toBeLessThan(64 * 1024 * 1024);
    await expect.poll(() => streams.map(({ destroyed }) => destroyed)).toEqual([true]);
  });

  test("that its client gives up calls no handler and is no failure", async () => {
    const { session, signals, reports } = await start(tls);
    const stream = post(session, "/signal");
    stream.write('{"a":');
    await expect.poll(() => signals.length).toBe(1);
    stream.close(constants.NGHTTP2_CANCEL);
    await expect.poll(() => signals[0]?.aborted).toBe(true);
    const next = post(session, "/");
    next.end("1");
    expect((await answerOf(next)).status).toBe(200);
    expect(reports).toEqual([]);
  });

  test("is asked for by its first read, when the client expects that", async () => {
    const { session } = await start(tls);
    const stream = post(session, "/", { expect: "100-continue" });
    await new Promise((resolve) => stream.once("continue", resolve));
    stream.end("[]");
    expect(await answerOf(stream)).toMatchObject({ status: 200, body: '{"value":[]}' });
  });
});
