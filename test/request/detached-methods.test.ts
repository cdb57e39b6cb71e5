import { _get, type ErrorReport, type RequestContext, Resource } from "argania";
import { describe, expect, test } from "vitest";

async function failureOf(handler: (context: RequestContext) => unknown): Promise<unknown> {
  const reports: ErrorReport[] = [];
  const logger = { error: (report: ErrorReport) => reports.push(report) };
  const resource = new Resource("/").setHandlerFor(_get.to(handler as () => object));
  const response = await resource.intoService({ logger }).request("/");
  expect(response.status).toBe(500);
  return reports[0]?.err;
}

describe("a method that was taken out of its context says what to write", () => {
  test.each<[string, (context: RequestContext) => unknown, string]>([
    // @ts-expect-error it needs its context
    ["cookies", ({ cookies }) => cookies(), "context.cookies(…), or take the extractor: [cookies]."],
    // @ts-expect-error it needs its context
    ["header", ({ header }) => header("a"), 'context.header(…), or take the extractor: [header("…")].'],
    // @ts-expect-error it needs its context
    ["waitUntil", ({ waitUntil }) => waitUntil(Promise.resolve()), "context.waitUntil(…)."],
    // @ts-expect-error it needs its context
    ["beforeSend", ({ beforeSend }) => beforeSend(() => {}), "context.beforeSend(…)."],
    // @ts-expect-error it needs its context
    ["afterSend", ({ afterSend }) => afterSend(() => {}), "context.afterSend(…)."],
    // @ts-expect-error it needs its context
    ["property", ({ property }) => property({ defaultValue: 1 }), "context.property(…)."],
  ])("%s", async (name, handler, advice) => {
    const error = await failureOf(handler);
    expect(error).toBeInstanceOf(TypeError);
    expect((error as TypeError).message).toBe(
      `${name}() was called without its context, as it is after ({ ${name} }) => …: write (context) => ${advice}`,
    );
  });
});

test("what is no method may be destructured", async () => {
  const user = new Resource("/{id}").setHandlerFor(
    _get.to(({ method, path, params, query, headers, host, extensions, signal }) => [
      `${method} ${path} ${params.id} ${query.get("a")} ${headers.get("x-a")} ${host}`,
      `${extensions !== undefined} ${signal.aborted}`,
    ]),
  );
  const response = await user.intoService().request("/7?a=1", { headers: { "x-a": "b", host: "x.example" } });
  expect(await response.json()).toEqual(["GET /7 7 1 b x.example", "true false"]);
});
