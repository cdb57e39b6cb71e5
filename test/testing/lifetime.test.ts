import { _get, type Resource } from "argania";
import { TestClientError } from "argania/testing";
import { expect, test } from "vitest";
import { site } from "./app.ts";

/** What the service sees of clients that go away. */
function watched(root: Resource<"/">) {
  const seen = { aborted: [] as unknown[], cancelled: 0, pulled: 0 };
  root.subresource("/slow").setHandlerFor(
    _get.to(
      ({ signal }) =>
        new Promise<string>((resolve) => {
          signal.addEventListener("abort", () => {
            seen.aborted.push((signal.reason as Error).message);
            resolve("late");
          });
        }),
    ),
  );
  root.subresource("/stream").setHandlerFor(
    _get.to(({ signal }) => {
      signal.addEventListener("abort", () => seen.aborted.push("stream"));
      return new ReadableStream(
        {
          pull: (controller) => {
            seen.pulled++;
            controller.enqueue(new Uint8Array([seen.pulled]));
          },
          cancel: () => void seen.cancelled++,
        },
        { highWaterMark: 0 },
      );
    }),
  );
  root.subresource("/fails").setHandlerFor(
    _get.to(async function* () {
      yield "a";
      throw new Error("half-way");
    }),
  );
  root.subresource("/text").setHandlerFor(
    _get.to(({ signal }) => {
      signal.addEventListener("abort", () => seen.aborted.push("text"));
      return "whole";
    }),
  );
  return seen;
}

function start() {
  let seen = { aborted: [] as unknown[], cancelled: 0, pulled: 0 };
  const { client } = site((root) => {
    seen = watched(root);
  });
  return { client, seen };
}

test("an aborted request rejects, and the handler sees it", async () => {
  const { client, seen } = start();
  const abort = new AbortController();
  const pending = client().get("/slow", { signal: abort.signal });
  abort.abort(new Error("no patience"));
  await expect(pending).rejects.toThrow("no patience");
  expect(seen.aborted).toEqual(["no patience"]);
  await expect(client().get("/text", { signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow(
    "before",
  );
});

test("a body is pulled as it is read, and cancelled when it is left", async () => {
  const { client, seen } = start();
  const response = await client().get("/stream");
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  expect(seen.pulled).toBe(0);
  expect((await reader.read()).value).toEqual(new Uint8Array([1]));
  expect(seen).toEqual({ aborted: [], cancelled: 0, pulled: 1 });
  await reader.cancel();
  expect(seen).toEqual({ aborted: ["stream"], cancelled: 1, pulled: 1 });
});

test("aborting fails a body that is being read, not one that is complete", async () => {
  const { client, seen } = start();
  const abort = new AbortController();
  const at = client();
  const { signal } = abort;
  const whole = at.get("/text", { signal });
  expect(await whole.text()).toBe("whole");
  const response = await at.get("/stream", { signal });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  abort.abort(new Error("left"));
  await expect(reader.read()).rejects.toThrow("left");
  expect(seen).toMatchObject({ aborted: ["stream"], cancelled: 1 });
});

test("a stream that fails half-way fails its reader", async () => {
  const { client } = start();
  const response = client().get("/fails");
  await expect(response.text()).rejects.toThrow("half-way");
});

test("close() ends everything, and nothing is asked afterwards", async () => {
  const { client, seen } = start();
  const at = client();
  const slow = at.get("/slow");
  const response = await at.get("/stream");
  const rejected = expect(slow).rejects.toThrow("The test client was closed.");
  await at.close();
  await rejected;
  await expect(response.text()).rejects.toThrow("The test client was closed.");
  expect(seen).toMatchObject({ aborted: ["The test client was closed.", "stream"], cancelled: 1 });
  const error = await at.get("/text").catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TestClientError);
  await at.close();
});

test("redirects that are followed end with the client, too", async () => {
  const { client } = start();
  const at = client({ redirect: "follow" });
  const response = await at.get("/stream");
  expect(response.url).toBe("http://localhost/stream");
  await at.close();
  await expect(response.text()).rejects.toThrow("closed");
});
