import {
  BadRequestError,
  type ErrorReport,
  ErrorResponse,
  HandlerTimeoutError,
  json,
  LightResponse,
  NotAllowedMethodError,
  NotFoundResourceError,
  ResponseError,
} from "argania";
import { describe, expect, it } from "vitest";
import { reportTo } from "../../src/handler/logger.ts";
import { renderError } from "../../src/handler/render-error.ts";

const request = { method: "GET", path: "/x", accept: undefined };

/** What a client gets of `error`, and what the logger got. */
async function render(error: unknown, accept?: string) {
  const reports: ErrorReport[] = [];
  const response = renderError(error, { ...request, accept }, { error: (report) => reports.push(report) });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
    reports,
  };
}

const INTERNAL = {
  type: "about:blank",
  title: "Internal Server Error",
  status: 500,
  code: "ARGANIA_INTERNAL",
};

describe("an ErrorResponse", () => {
  it("renders itself as problem details", async () => {
    const { status, headers, body, reports } = await render(
      new ResponseError(409, "No more lamps.", {
        code: "OUT_OF_STOCK",
        headers: { "retry-after": "60" },
        details: { lamp: 7, status: 200, title: "OK", code: "FAKE", detail: "fake" },
        cause: new Error("password=1234"),
      }),
    );
    expect([status, headers]).toEqual([
      409,
      { "content-type": "application/problem+json", "retry-after": "60", vary: "Accept" },
    ]);
    expect(JSON.parse(body)).toEqual({
      type: "about:blank",
      title: "Conflict",
      status: 409,
      detail: "No more lamps.",
      code: "OUT_OF_STOCK",
      lamp: 7,
    });
    expect(reports).toEqual([]);
  });

  it("says no detail that only repeats the title", async () => {
    expect(JSON.parse((await render(new ResponseError(404, "Not Found"))).body)).not.toHaveProperty("detail");
    expect(JSON.parse((await render(new ResponseError(404))).body)).not.toHaveProperty("detail");
  });

  it("has a title for a status without a name, too", async () => {
    expect(JSON.parse((await render(new ResponseError(499))).body).title).toBe("Error");
    expect((await render(new ResponseError(499), "text/plain")).body).toBe("Error");
  });

  it.each([
    [new NotFoundResourceError(), 404, "ARGANIA_NOT_FOUND_RESOURCE"],
    [new NotAllowedMethodError("GET, HEAD"), 405, "ARGANIA_NOT_ALLOWED_METHOD"],
    [new BadRequestError("bad"), 400, "ARGANIA_BAD_REQUEST"],
    [new HandlerTimeoutError(), 503, "ARGANIA_HANDLER_TIMEOUT"],
    [new ResponseError(418), 418, "ARGANIA_RESPONSE"],
    [new ResponseError(499), 499, "ARGANIA_RESPONSE"],
    [new ResponseError(500), 500, "ARGANIA_RESPONSE"],
  ])("has its status and code: %s", async (error, status, code) => {
    const { body, reports } = await render(error);
    expect(JSON.parse(body)).toMatchObject({ status, code });
    expect([error.name, error.code]).toEqual([error.constructor.name, code]);
    expect(reports.map(({ err }) => err)).toEqual(status >= 500 ? [error] : []);
  });

  it("lists the allowed methods with a 405", async () => {
    expect((await render(new NotAllowedMethodError("GET, HEAD"))).headers).toMatchObject({
      allow: "GET, HEAD",
    });
  });

  it.each([399, 600, 200, 0, -1, 404.5, Number.NaN])("cannot be a ResponseError of status %d", (status) => {
    expect(() => new ResponseError(status)).toThrow(RangeError);
  });

  it("may render itself as it likes", async () => {
    class TeapotError extends ErrorResponse {
      readonly code = "TEAPOT";
      readonly status = 418;
      override intoResponse(accept?: string): LightResponse {
        return json({ accept }, this.status);
      }
    }
    expect(await render(new TeapotError(), "a/b")).toMatchObject({
      status: 418,
      body: '{"accept":"a/b"}',
      reports: [],
    });
  });
});

describe("the client's Accept", () => {
  it.each([
    [undefined, false],
    ["", false],
    ["*/*", false],
    ["application/json", false],
    ["application/problem+json", false],
    ["text/plain", true],
    ["TEXT/PLAIN", true],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true],
    ["text/plain, application/json", false],
    ["text/plain;q=0.5, application/json;q=0.4", true],
    ["text/plain;q=0.4, application/json;q=0.5", false],
    ["text/plain; q=0.5 , */*; q=0.1", true],
    ["text/*", true],
    ["text/*;q=0.9, text/plain;q=0.1, text/html;q=0, application/json;q=0.5", false],
    ["text/plain;Q=0", false],
    ["text/plain;charset=utf-8", true],
    ["text/plain;q=nonsense", false],
    ["application/*;q=0.2, text/plain;q=0.1", false],
    ["image/png", false],
    ["*/*;q=0.1, application/json;q=0, application/problem+json;q=0", true],
    [`${"a/b,".repeat(100)}text/plain`, false],
    [",,;;=,", false],
  ])("%j makes text: %j", async (accept, isText) => {
    const { headers, body } = await render(new ResponseError(403, "Members only."), accept);
    expect(headers["content-type"]).toBe(isText ? "text/plain; charset=utf-8" : "application/problem+json");
    expect(isText ? body : JSON.parse(body).detail).toBe("Members only.");
  });

  it("holds for failures of the server, too", async () => {
    expect((await render(new Error("secret"), "text/plain")).body).toBe("Internal Server Error");
  });
});

class Strange extends ErrorResponse {
  readonly code = "STRANGE";
  readonly status: number;
  constructor(status: number, options = {}) {
    super("secret", options);
    this.status = status;
  }
}

class ThrowingGetter extends ErrorResponse {
  readonly code = "THROWING";
  get status(): number {
    throw new Error("secret of the getter");
  }
}

const trapped = (): never => {
  throw new Error("secret of the proxy");
};

const circular: Record<string, unknown> = {};
circular.self = circular;

describe("whatever is thrown", () => {
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const thrown: readonly (readonly [string, unknown])[] = [
    ["an Error", new Error("secret", { cause: new Error("secret cause") })],
    ["a frozen Error", Object.freeze(new TypeError("secret"))],
    ["null", null],
    ["undefined", undefined],
    ["a string", "secret"],
    ["a symbol", Symbol("secret")],
    ["a lookalike", { status: 404, message: "secret" }],
    ["a lookalike with status 999", { status: 999 }],
    ["a lookalike that renders itself", { status: 200, intoResponse: () => json("secret") }],
    ["a revoked proxy", revoked.proxy],
    ["a proxy with traps", new Proxy({}, { getPrototypeOf: trapped, get: trapped, has: trapped })],
    ["an ErrorResponse of status 999", new Strange(999)],
    ["an ErrorResponse of status 101", new Strange(101)],
    ["an ErrorResponse of no status", new Strange(Number.NaN)],
    ["an ErrorResponse whose getter throws", new ThrowingGetter()],
    ["an ErrorResponse with circular details", new Strange(400, { details: circular })],
    ["an ErrorResponse with a malformed header", new Strange(400, { headers: { "x-a": "1\r\nx-b: 2" } })],
  ];

  it.each(thrown)("becomes a 500 that tells nothing: %s", async (_, error) => {
    const { status, headers, body, reports } = await render(error);
    expect([status, headers, JSON.parse(body)]).toEqual([
      500,
      { "content-type": "application/problem+json", vary: "Accept" },
      INTERNAL,
    ]);
    const last = reports.at(-1) as ErrorReport;
    expect(Object.is(last.err, error)).toBe(true);
    expect([last.method, last.path]).toEqual(["GET", "/x"]);
  });

  it("is logged once, and what failed while it rendered itself before it", async () => {
    expect((await render(new Error("x"))).reports).toHaveLength(1);
    const { reports } = await render(new ThrowingGetter());
    expect(reports.map(({ err }) => (err as Error).message)).toEqual(["secret of the getter", ""]);
  });

  it("is a 500, too, when it renders itself into something else than a response", async () => {
    class Wrong extends ErrorResponse {
      readonly code = "WRONG";
      readonly status = 404;
      override intoResponse(): LightResponse {
        return "text" as unknown as LightResponse;
      }
    }
    expect(await render(new Wrong())).toMatchObject({ status: 500, body: JSON.stringify(INTERNAL) });
  });
});

describe("the logger", () => {
  it("gets the whole error of a 5xx, cause chain included", async () => {
    const root = new Error("disk full");
    const error = new ResponseError(503, "", { cause: new Error("query failed", { cause: root }) });
    const { reports, body } = await render(error);
    expect(reports).toEqual([{ err: error, method: "GET", path: "/x" }]);
    expect(reports.map(({ err }) => ((err as Error).cause as Error).cause)).toEqual([root]);
    expect(body).not.toContain("query");
  });

  it("goes by the status that is sent", async () => {
    class Late extends ErrorResponse {
      readonly code = "LATE";
      readonly status = 404;
      override intoResponse(): LightResponse {
        return new LightResponse(null, { status: 502 });
      }
    }
    expect((await render(new Late())).reports).toHaveLength(1);
  });

  it("may fail itself", () => {
    const logger = {
      error() {
        throw new Error("no space left on device");
      },
    };
    expect(renderError(new Error("x"), request, logger).status).toBe(500);
    expect(() => reportTo(logger, { err: 1 }, "x")).not.toThrow();
  });
});
