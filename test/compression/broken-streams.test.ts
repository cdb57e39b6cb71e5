import { once } from "node:events";
import { type ErrorReport, respond } from "argania";
import { afterEach, describe, expect, it } from "vitest";
import { activeEncoders } from "../../src/data/compression/compressed.ts";
import { withServer } from "../support/raw-http.ts";
import { ask, serving, TEXT } from "./serving.ts";
import { open, respondWith, sourceOf } from "./stream-tools.ts";

afterEach(async () => {
  // Whatever happened to the response.
  await expect.poll(activeEncoders).toBe(0);
});

describe("a client that leaves", () => {
  it("has the source released, and the encoder, while the source has nothing", async () => {
    let count = 0;
    const { body, state } = sourceOf(async () => (count++ === 0 ? "first" : new Promise(() => {})));
    await withServer(
      serving(() => respondWith(body as never)),
      async (port) => {
        const response = await open(port, "br");
        await once(response, "data");
        expect(activeEncoders()).toBe(1);
        response.destroy();
        await expect.poll(() => state.isReleased).toBe(true);
      },
    );
  });

  it("and one that reads nothing, stop the source", async () => {
    const noise = crypto.getRandomValues(new Uint8Array(65_536));
    const { body, state } = sourceOf(async () => noise);
    await withServer(
      serving(() => respondWith(body as never)),
      async (port) => {
        const response = await open(port, "gzip");
        response.pause();
        let before = -1;
        await expect
          .poll(
            () => {
              const isSettled = before === state.pulls;
              before = state.pulls;
              return isSettled;
            },
            { interval: 250, timeout: 10_000 },
          )
          .toBe(true);
        // The buffers of both sockets, some megabytes; but not what such a source could give in that time.
        expect(state.pulls).toBeLessThan(400);
        expect(activeEncoders()).toBe(1);
        response.destroy();
        await expect.poll(() => state.isReleased).toBe(true);
      },
    );
  });
});

describe("a source that fails", () => {
  it.each([
    ["an error", () => Promise.reject(new Error("no more"))],
    ["what is no chunk", async () => 42],
  ])("half-way with %s breaks the connection off", async (_, fail) => {
    let goOn = () => {};
    const seen = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let count = 0;
    const { body, state } = sourceOf(() => (count++ === 0 ? Promise.resolve("first") : seen.then(fail)));
    const reports: ErrorReport[] = [];
    await withServer(
      serving(() => respondWith(body as never), {}, reports),
      async (port) => {
        const response = await open(port, "gzip");
        response.once("data", goOn);
        await expect(response.toArray()).rejects.toThrow("aborted");
        await expect.poll(() => reports).toHaveLength(1);
        await expect.poll(() => state.isReleased).toBe(true);
      },
    );
  });

  it("is a 500 while the encoder has given nothing", async () => {
    let count = 0;
    const { body, state } = sourceOf(async () =>
      count++ === 0 ? "first" : Promise.reject(new Error("no more")),
    );
    const answer = await ask(
      serving(() => respondWith(body as never)),
      "gzip",
    );
    // The encoder has not given anything yet, and so the head has not gone.
    expect(answer.status).toBe(500);
    expect(state.isReleased).toBe(true);
  });

  it.each([
    ["too little", 1, /declared content-length 80040, but its stream gave 40020 bytes/],
    ["too much", 3, /declared content-length 80040, but its stream gave at least 120060 bytes/],
  ])("by giving %s is found out", async (_, chunks, message) => {
    async function* body() {
      for (let index = 0; index < chunks; index++) {
        yield TEXT;
      }
    }
    const headers = { "content-type": "text/plain", "content-length": String(2 * TEXT.length) };
    await expect(
      ask(
        serving(() => respond(headers, body())),
        "gzip",
      ),
    ).rejects.toThrow(message);
  });

  it("at once is answered as an error, which is not compressed", async () => {
    const { body } = sourceOf(() => Promise.reject(new Error("nothing")));
    const reports: ErrorReport[] = [];
    await withServer(
      serving(() => respondWith(body as never), {}, reports),
      async (port) => {
        const response = await open(port, "gzip");
        const problem = JSON.parse(Buffer.concat(await response.toArray()).toString()) as { status: number };
        expect([response.statusCode, response.headers["content-encoding"], problem.status]).toEqual([
          500,
          undefined,
          500,
        ]);
        expect(reports).toHaveLength(1);
      },
    );
  });
});
