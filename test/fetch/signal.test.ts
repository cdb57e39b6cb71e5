import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { _get } from "argania";
import { fetchHandler } from "argania/fetch";
import { expect, test } from "vitest";
import { latch, serve } from "./serve.ts";

/** A stream that is never more than its first byte. */
const endless = () =>
  new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([1])) }));

test.each(["keep", "strip"] as const)(
  "an app that keeps nothing but the signal hears of its client, whatever has been collected since (%s)",
  async (prefix) => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const aborted = latch();
    const { url } = await serve((root) => {
      root.subresource("/x").setHandlerFor(
        _get.to(
          fetchHandler(
            ({ signal }) => {
              signal.addEventListener("abort", () => aborted.reach());
              return endless();
            },
            { prefix },
          ),
        ),
      );
    });
    const abort = new AbortController();
    expect((await fetch(`${url}/x`, { signal: abort.signal })).status).toBe(200);
    for (let round = 0; round < 5; round++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    abort.abort();
    await aborted.reached;
  },
);
