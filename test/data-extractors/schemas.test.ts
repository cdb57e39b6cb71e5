import {
  _get,
  attempt,
  type Extractor,
  Host,
  header,
  hostParams,
  json,
  optional,
  PathParamsError,
  pathParams,
  QueryParamsError,
  queryParams,
  Resource,
  ResponseError,
  Router,
  type StandardIssue,
  type StandardResult,
  type StandardSchema,
} from "argania";
import { describe, expect, it } from "vitest";

interface Page {
  readonly page: number;
}

/** `{ page: number }`, as a schema library would have it, synchronous or not. */
function pageSchema(isAsync: boolean, issues?: readonly StandardIssue[]): StandardSchema<unknown, Page> {
  const check = (value: unknown): StandardResult<Page> => {
    const page = Number((value as Record<string, unknown>).page);
    return Number.isInteger(page) && page > 0
      ? { value: { page } }
      : { issues: issues ?? [{ message: "Not a page.", path: ["page"] }] };
  };
  return {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (value) => (isAsync ? Promise.resolve(check(value)) : check(value)),
    },
  };
}

function serve(extractor: Extractor<unknown, object>) {
  const root = new Resource("/").setHandlerFor(_get.to([extractor], (value) => json(value ?? null)));
  root.subresource("/{page}").setHandlerFor(_get.to([extractor], (value) => json(value ?? null)));
  return root.intoService({ logger: { error: () => {} } });
}

describe.each([
  ["synchronous", false],
  ["asynchronous", true],
] as const)("a schema that is %s", (_, isAsync) => {
  const schema = pageSchema(isAsync);

  it("makes the query what it says", async () => {
    const response = await serve(queryParams(schema)).request("/?page=2");
    expect(await response.json()).toEqual({ page: 2 });
  });

  it("answers 400 with what is wrong in the query", async () => {
    const response = await serve(queryParams(schema)).request("/?page=x");
    expect([response.status, await response.json()]).toEqual([
      400,
      {
        type: "about:blank",
        title: "Bad Request",
        status: 400,
        detail: "The query is not valid.",
        code: "ARGANIA_QUERY_PARAMS",
        issues: [{ path: "page", message: "Not a page." }],
      },
    ]);
  });

  it("makes the path params what it says, or there is no such resource", async () => {
    const service = serve(pathParams(schema));
    expect(await (await service.request("/3")).json()).toEqual({ page: 3 });
    const missing = await service.request("/x");
    expect([missing.status, await missing.json()]).toEqual([
      404,
      { type: "about:blank", title: "Not Found", status: 404, code: "ARGANIA_PATH_PARAMS" },
    ]);
  });

  it("makes the host params what it says, or there is no such host", async () => {
    const router = new Router();
    const root = new Resource("/").setHandlerFor(_get.to([hostParams(schema)], (value) => json(value)));
    router.addHost(new Host("{page}.example.com", root));
    const service = router.intoService();
    expect(await (await service.request("http://4.example.com/")).json()).toEqual({ page: 4 });
    expect((await service.request("http://x.example.com/")).status).toBe(404);
  });

  it("keeps the rest synchronous when it is", async () => {
    const response = serve(queryParams(schema)).fetch(new Request("http://a/?page=1"));
    expect(response instanceof Promise).toBe(isAsync);
    expect((await response).status).toBe(200);
  });
});

describe("issues", () => {
  it("are told with their paths in dots, whatever the parts are", async () => {
    const key = Symbol("key");
    const issues: StandardIssue[] = [
      { message: "whole" },
      { message: "empty", path: [] },
      { message: "deep", path: ["a", 0, { key: "b" }, { key: 1 }, key] },
    ];
    const response = await serve(queryParams(pageSchema(false, issues))).request("/");
    expect(((await response.json()) as { issues: unknown }).issues).toEqual([
      { path: "", message: "whole" },
      { path: "", message: "empty" },
      { path: "a.0.b.1.Symbol(key)", message: "deep" },
    ]);
  });

  it("are on the error, for layers", () => {
    const issues = [{ path: "a", message: "b" }];
    expect([new PathParamsError(issues).issues, new QueryParamsError(issues).issues]).toEqual([
      issues,
      issues,
    ]);
  });

  it("of a schema that breaks are a 500", async () => {
    const broken: StandardSchema<unknown, Page> = {
      "~standard": {
        version: 1,
        vendor: "test",
        validate: () => {
          throw new Error("bug");
        },
      },
    };
    expect((await serve(queryParams(broken)).request("/")).status).toBe(500);
  });
});

const failing = (error: unknown, isAsync: boolean): Extractor<string, object> => ({
  extract: () => {
    if (isAsync) {
      return Promise.reject(error);
    }
    throw error;
  },
});

describe.each([false, true])("attempt and optional (async: %j)", (isAsync) => {
  const page = queryParams(pageSchema(isAsync));

  it("hand on what was found", async () => {
    expect(await (await serve(attempt(page)).request("/?page=5")).json()).toEqual({
      ok: true,
      value: { page: 5 },
    });
    expect(await (await serve(optional(page)).request("/?page=5")).json()).toEqual({ page: 5 });
  });

  it("hand on the client's failure, or undefined", async () => {
    const error = new ResponseError(402, "pay");
    const seen: unknown[] = [];
    const get = _get.to(
      [attempt(failing(error, isAsync)), optional(failing(error, isAsync))],
      (tried, maybe) => {
        seen.push(tried, maybe);
        return null;
      },
    );
    expect((await new Resource("/").setHandlerFor(get).intoService().request("/")).status).toBe(200);
    expect(seen).toEqual([{ ok: false, error }, undefined]);
    expect((seen[0] as { error: unknown }).error).toBe(error);
  });

  it.each([[new TypeError("bug")], [{ status: 400 }], [null], ["text"]])(
    "do not hide a bug: %s",
    async (bug) => {
      for (const wrap of [attempt, optional]) {
        expect((await serve(wrap(failing(bug, isAsync))).request("/")).status).toBe(500);
      }
    },
  );
});

it("optional makes a header one that may be missing", async () => {
  const service = serve(optional(header("x-a")));
  expect(await (await service.request("/")).json()).toBeNull();
  expect(await (await service.request("/", { headers: { "x-a": "1" } })).json()).toBe("1");
});

it("attempt and optional keep what is synchronous so", () => {
  for (const extractor of [attempt(header("x-a")), optional(header("x-a"))]) {
    expect(serve(extractor).fetch(new Request("http://a/"))).toBeInstanceOf(Response);
  }
});
