import { get } from "node:http";
import { _get, _wildcardMethod } from "argania";
import { fetchHandler } from "argania/fetch";
import { describe, expect, test } from "vitest";
import { site } from "../testing/app.ts";
import { type Answer, mounted } from "./mounted.ts";
import { latch, serve } from "./serve.ts";

const onSocket = (app: Answer) =>
  serve((root) => {
    root.subresource("/x ?*").setHandlerFor(_wildcardMethod.to(fetchHandler(app)));
  });

test("status, headers and every cookie are sent as they are; what is immutable stays the app's", async () => {
  const kept = Response.redirect("http://elsewhere.example/", 303);
  const { url } = await onSocket(({ url }) => {
    if (url.endsWith("/redirect")) {
      return kept;
    }
    const headers = new Headers({ "x-a": "1", "content-type": "text/x" });
    headers.append("set-cookie", "a=1; Path=/");
    headers.append("set-cookie", "b=2; Expires=Thu, 01 Jan 2099 00:00:00 GMT");
    return new Response("body", { status: 299, headers });
  });
  const answer = await fetch(`${url}/x`);
  expect([answer.status, answer.headers.get("x-a"), await answer.text()]).toEqual([299, "1", "body"]);
  expect(answer.headers.getSetCookie()).toEqual([
    "a=1; Path=/",
    "b=2; Expires=Thu, 01 Jan 2099 00:00:00 GMT",
  ]);
  for (const _ of [1, 2]) {
    const { status, headers } = await fetch(`${url}/x/redirect`, { redirect: "manual" });
    expect([status, headers.get("location")]).toEqual([303, "http://elsewhere.example/"]);
  }
});

test("no body where there is none: 204, 205, 304 and HEAD", async () => {
  const seen = { cancelled: 0, method: "" };
  const { url } = await onSocket(({ url, method }) => {
    const status = Number(new URL(url).searchParams.get("s"));
    seen.method = method;
    return status !== 200
      ? new Response(null, { status })
      : new Response(new ReadableStream({ cancel: () => void seen.cancelled++ }), {
          headers: { "content-length": "7" },
        });
  });
  for (const status of [204, 205, 304]) {
    const answer = await fetch(`${url}/x?s=${status}`);
    expect([answer.status, await answer.text()]).toEqual([status, ""]);
  }
  const head = await fetch(`${url}/x?s=200`, { method: "HEAD" });
  expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "7", ""]);
  expect(seen).toEqual({ cancelled: 1, method: "HEAD" });
});

test("HEAD can be a GET for the app", async () => {
  const app: Answer = ({ method }) => new Response(method, { headers: { "x-method": method } });
  const asGet = await mounted(app, { head: "get" }).at.head("/x");
  expect([asGet.headers.get("x-method"), await asGet.text()]).toEqual(["GET", ""]);
  const { client } = site((root) => {
    root.subresource("/x").setHandlerFor(_get.to(fetchHandler(app)));
  });
  expect((await client().head("/x")).headers.get("x-method")).toBe("HEAD");
});

describe("what is no response", () => {
  const failing = async (app: () => unknown) => {
    const { at, errors } = mounted(app as Answer);
    await at.get("/x").expectStatus(500);
    return errors.map(({ err }) => err as Error & { code: string });
  };

  test.each([
    ["undefined", undefined],
    ["null", null],
    ["text", "text"],
    ["an object", { status: 200 }],
    ["a number", 204],
    ["a Request", new Request("http://x/")],
  ])("%s", async (_, value) => {
    const [error] = await failing(() => value);
    expect([error?.code, error?.message]).toEqual([
      "ARGANIA_INVALID_RESPONSE",
      expect.stringContaining("have it return one for every request"),
    ]);
  });

  test("one that has been read, or is an error", async () => {
    const read = new Response("once");
    await read.text();
    expect((await failing(() => read))[0]?.message).toContain("return a clone() of it");
    expect((await failing(() => Response.error()))[0]?.code).toBe("ARGANIA_INVALID_RESPONSE");
  });
});

describe("a response of another implementation", () => {
  const foreign = (parts: object) => ({
    status: 201,
    headers: new Headers([
      ["x-a", "1"],
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
    ]),
    body: null,
    arrayBuffer: async () => new TextEncoder().encode("buffered").buffer,
    ...parts,
  });

  test.each([
    ["no body", { body: null }, ""],
    ["a web stream", { body: new Blob(["stream"]).stream() }, "stream"],
    [
      "an async iterable",
      {
        body: (async function* () {
          yield "ab";
          yield new TextEncoder().encode("c");
        })(),
      },
      "abc",
    ],
    ["anything else", { body: {} }, "buffered"],
  ])("with %s", async (_, parts, text) => {
    const { at } = mounted((() => foreign(parts)) as unknown as Answer);
    const answer = await at.get("/x").expectStatus(201);
    expect([answer.headers.get("x-a"), await answer.text()]).toEqual(["1", text]);
    expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  });

  test("that has been read is refused", async () => {
    const { at, errors } = mounted((() => foreign({ bodyUsed: true })) as unknown as Answer);
    await at.get("/x").expectStatus(500);
    expect(errors).toHaveLength(1);
  });
});

test("a stream goes out chunk by chunk, no faster than it is taken, and is cancelled when its client leaves", async () => {
  const cancelled = latch();
  const aborted = latch();
  let pulled = 0;
  const { url, errors } = await onSocket(({ signal }) => {
    signal.addEventListener("abort", () => aborted.reach());
    return new Response(
      new ReadableStream(
        {
          pull: (controller) => {
            pulled++;
            controller.enqueue(new Uint8Array(65_536));
          },
          cancel: () => cancelled.reach(),
        },
        { highWaterMark: 0 },
      ),
    );
  });
  await new Promise<void>((resolve) => {
    const client = get(`${url}/x`, (answer) => {
      answer.once("data", () => {
        answer.pause();
        resolve();
      });
    });
    client.on("error", () => {});
    aborting.push(() => client.destroy());
  });
  // The socket's buffers fill up; then nobody pulls any more.
  await expect
    .poll(async () => {
      const before = pulled;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return pulled === before;
    })
    .toBe(true);
  expect(pulled).toBeLessThan(1_000);
  for (const abort of aborting.splice(0)) {
    abort();
  }
  await Promise.all([cancelled.reached, aborted.reached]);
  expect(errors).toEqual([]);
});

const aborting: (() => void)[] = [];

test("a body of the request is streamed both ways at once", async () => {
  const { url } = await onSocket(({ body }) => new Response(body?.pipeThrough(upper())));
  const sent = latch<ReadableStreamDefaultController<Uint8Array>>();
  const body = new ReadableStream<Uint8Array>({ start: (controller) => sent.reach(controller) });
  const controller = await sent.reached;
  const encoder = new TextEncoder();
  controller.enqueue(encoder.encode("one"));
  const answer = await fetch(`${url}/x`, { method: "POST", body, duplex: "half" } as RequestInit);
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  const next = async () => new TextDecoder().decode((await reader.read()).value);
  expect(await next()).toBe("ONE");
  controller.enqueue(encoder.encode("two"));
  expect(await next()).toBe("TWO");
  controller.close();
  expect((await reader.read()).done).toBe(true);
});

function upper(): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  return new TransformStream({
    transform: (chunk, controller) => controller.enqueue(encoder.encode(decoder.decode(chunk).toUpperCase())),
  });
}
