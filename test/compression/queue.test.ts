import { describe, expect, it } from "vitest";
import { encodeWhole } from "../../src/data/compression/encode-whole.ts";
import type { Encoding } from "../../src/data/compression/encodings.ts";
import { serving, TEXT } from "./serving.ts";

const GZIP: Encoding = { coding: "gzip", level: 6 };
const never = () => new AbortController().signal;

/** Takes all threads, and leaves no place to wait in. */
function fill(): Promise<unknown>[] {
  const filling: Promise<unknown>[] = [];
  for (;;) {
    const encoded = encodeWhole(TEXT, GZIP, never);
    if (encoded === null) {
      return filling;
    }
    filling.push(encoded as Promise<unknown>);
  }
}

describe("bodies that wait to be compressed", () => {
  it("are not, when their client has left in the meantime", async () => {
    const abort = new AbortController();
    let asked = 0;
    const signal = () => {
      asked++;
      return abort.signal;
    };
    const running = Array.from({ length: 8 }, () => encodeWhole(TEXT, GZIP, never));
    const left = Array.from({ length: 3 }, () => encodeWhole(TEXT, GZIP, signal) as Promise<unknown>);
    const last = encodeWhole(TEXT, GZIP, never);
    abort.abort(new DOMException("gone", "AbortError"));
    const outcomes = await Promise.allSettled(left);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(asked).toBe(3);
    await Promise.all(running);
    expect(await last).toBeInstanceOf(Uint8Array);
  });

  it("are few: the next ones go as they are", async () => {
    const filling = fill();
    expect(filling.length).toBeGreaterThan(8);
    const headers = { "accept-encoding": "gzip" };
    const service = serving(() => TEXT);
    const response = await service.request("/", { headers });
    expect([response.headers.get("content-encoding"), response.headers.get("vary")]).toEqual([
      null,
      "accept-encoding",
    ]);
    expect(await response.text()).toBe(TEXT);
    await Promise.all(filling);
    expect((await service.request("/", { headers })).headers.get("content-encoding")).toBe("gzip");
  });
});
