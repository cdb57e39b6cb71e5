import { AsyncLocalStorage } from "node:async_hooks";
import { _get, _requestReceiver, around, currentContext, Resource, Server, type Service } from "argania";
import { TimeoutLayer } from "argania/middleware";
import { afterEach, describe, expect, it } from "vitest";

const here = () => currentContext()?.path ?? "nowhere";

/** As tools for monitoring have one of their own. */
const spans = new AsyncLocalStorage<string>();

interface Seen {
  readonly what: string;
  readonly of: string | undefined;
  readonly context: string;
  readonly span?: string | undefined;
}

/** Handlers wait for one another, so that a timer has both of them. */
function site(seen: Seen[], timeout?: TimeoutLayer): Service {
  const root = new Resource("/");
  const watching = around((context, next) => {
    context.beforeSend(() => {
      seen.push({ what: "hook", of: context.path, context: here() });
    });
    return spans.run(context.path, next);
  });
  root.addLayerTo(_requestReceiver(timeout === undefined ? watching : [watching, timeout]));
  root.subresource("/{name}").setHandlerFor(
    _get.to((context) => {
      context.signal.addEventListener("abort", () => {
        seen.push({ what: "abort", of: context.path, context: here(), span: spans.getStore() });
      });
      return new Promise<string>(() => {});
    }),
  );
  return root.intoService({
    asyncContext: true,
    logger: { error: ({ path }) => void seen.push({ what: "report", of: path, context: here() }) },
  });
}

const closers: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(closers.splice(0).map((close) => close())));

describe("a timer that requests share", () => {
  it("runs what it does for each in its own context: TimeoutLayer", async () => {
    const seen: Seen[] = [];
    const { request } = site(seen, new TimeoutLayer(60));
    const answers = await Promise.all(["/alice", "/bob"].map((path) => request(path)));
    expect(answers.map(({ status }) => status)).toEqual([503, 503]);
    expect(seen.filter(({ what }) => what === "abort")).toEqual([
      { what: "abort", of: "/alice", context: "/alice", span: "/alice" },
      { what: "abort", of: "/bob", context: "/bob", span: "/bob" },
    ]);
    expect(seen.filter(({ of, context }) => of !== context)).toEqual([]);
  });

  it("runs what it does for each in its own context: handlerTimeout", async () => {
    const seen: Seen[] = [];
    const handle = await new Server()
      .withLimits({ handlerTimeout: 60 })
      .withLogger({ error() {} })
      .serve(site(seen), "127.0.0.1:0");
    closers.push(() => handle.close() as never);
    const answers = await Promise.all(["/alice", "/bob"].map((path) => fetch(`${handle.url}${path}`)));
    expect(answers.map(({ status }) => status)).toEqual([503, 503]);
    expect(seen.filter(({ what }) => what === "abort")).toHaveLength(2);
    expect(seen.filter(({ what }) => what === "hook")).toHaveLength(2);
    expect(seen.filter(({ of, context }) => of !== context)).toEqual([]);
  });
});
