import { _get, _requestReceiver, type ErrorReport, type RequestOutcome, Resource } from "argania";
import { LoggerLayer } from "argania/logger";
import { describe, expect, it } from "vitest";
import { capture, INFO } from "../logging/capture.ts";

const boom = new Error("db lost");

function reporting() {
  const reports: unknown[] = [];
  const error = ({ err, path, context }: ErrorReport, message: string) =>
    void reports.push([err, path, context?.path, message]);
  return { reports, logger: { error } };
}

describe("under fetch", () => {
  it("a client that goes away ends its request, whose handler never returns", async () => {
    const log = capture();
    const root = new Resource("/").addLayerTo(_requestReceiver(new LoggerLayer(log.logger)));
    const client = new AbortController();
    root.setHandlerFor(
      _get.to(() => {
        setImmediate(() => client.abort());
        return new Promise<string>(() => {});
      }),
    );
    void root.intoService().fetch(new Request("http://a/", { signal: client.signal }));
    const line = await log.line();
    expect(line).toMatchObject({ level: INFO, aborted: true, msg: "request aborted" });
    expect(line).not.toHaveProperty("status");
  });

  it("a client that goes away during a stream ends its request, once", async () => {
    const outcomes: RequestOutcome[] = [];
    const client = new AbortController();
    const root = new Resource("/").setHandlerFor(
      _get.to((context) => {
        context.afterSend((outcome) => outcomes.push(outcome));
        return (async function* () {
          yield "a";
          await new Promise(() => {});
        })();
      }),
    );
    const request = new Request("http://a/", { signal: client.signal });
    const response = await root.intoService().fetch(request);
    const reader = (response.body as ReadableStream).getReader();
    await reader.read();
    client.abort();
    void reader.cancel();
    expect(outcomes).toEqual([{ status: 200, isComplete: false, error: undefined }]);
  });

  it("hooks that are added after the end are called at once", async () => {
    const outcomes: RequestOutcome[] = [];
    const gone = new AbortController();
    gone.abort();
    const root = new Resource("/").setHandlerFor(
      _get.to((context) => {
        setImmediate(() => context.afterSend((outcome) => outcomes.push(outcome)));
        return "x";
      }),
    );
    const { fetch } = root.intoService();
    await fetch(new Request("http://a/"));
    await fetch(new Request("http://a/", { signal: gone.signal }));
    await new Promise((resolve) => setImmediate(resolve));
    expect(outcomes).toEqual([
      { status: 200, isComplete: true, error: undefined },
      { status: 200, isComplete: false, error: undefined },
    ]);
  });

  it.each([
    ["throws", boom, () => Promise.reject(boom)],
    ["yields what is no bytes", expect.any(TypeError), async () => 7],
  ])("a stream that %s is reported", async (_, error, next) => {
    let isClosed = false;
    const { reports, logger } = reporting();
    const root = new Resource("/").setHandlerFor(
      _get.to(
        () =>
          (async function* () {
            try {
              yield "a";
              yield (await next()) as never;
            } finally {
              isClosed = true;
            }
          })() as AsyncIterable<string>,
      ),
    );
    const response = await root.intoService({ logger }).request("/");
    await expect(response.text()).rejects.toThrow();
    expect(reports).toEqual([[error, "/", "/", "A response failed half-way"]]);
    expect(isClosed).toBe(true);
  });

  it("work that heeds the signal is no failure", async () => {
    const { reports, logger } = reporting();
    const client = new AbortController();
    const root = new Resource("/").setHandlerFor(
      _get.to(async ({ signal }) => {
        setImmediate(() => client.abort());
        return new Promise<string>((_, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason)),
        );
      }),
    );
    await root.intoService({ logger }).fetch(new Request("http://a/", { signal: client.signal }));
    expect(reports).toEqual([]);
  });
});
