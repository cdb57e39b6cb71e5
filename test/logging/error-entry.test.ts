import { NotFoundResourceError, ResponseError } from "argania";
import { errorEntry } from "argania/logger";
import { describe, expect, it } from "vitest";

class DatabaseError extends Error {
  readonly code = "08006";
}

function throwingGetters(): object {
  const fail = () => {
    throw new Error("from a getter");
  };
  const names = ["stack", "name", "cause", "code", "errors", "status", "intoResponse", "constructor"];
  const properties = Object.fromEntries(names.map((name) => [name, { get: fail }]));
  return Object.defineProperties(new Error("message"), properties);
}

const trap = new Proxy(
  {},
  {
    get() {
      throw new Error("get");
    },
    ownKeys() {
      throw new Error("keys");
    },
    getPrototypeOf() {
      throw new Error("prototype");
    },
  },
);

describe("errorEntry", () => {
  it("has the class, the message, the code and the stack", () => {
    expect(errorEntry(new DatabaseError("gone"))).toEqual({
      type: "DatabaseError",
      msg: "gone",
      code: "08006",
      detail: expect.stringMatching(/gone\n {4}at /),
    });
    expect(errorEntry(new DOMException("late", "TimeoutError"))).toMatchObject({
      type: "TimeoutError",
      msg: "late",
    });
    expect(errorEntry(Object.assign(new Error("x"), { name: "Custom" }))).toMatchObject({ type: "Custom" });
  });

  it("has the stack of what failed here, and not of what the client did", () => {
    expect(errorEntry(new ResponseError(503))).toHaveProperty("detail");
    expect(errorEntry(new ResponseError(404))).not.toHaveProperty("detail");
    expect(errorEntry(new NotFoundResourceError())).toMatchObject({
      type: "NotFoundResourceError",
      code: "ARGANIA_NOT_FOUND_RESOURCE",
    });
  });

  it("has the causes, one behind the other", () => {
    const error = new Error("c", { cause: new TypeError("b", { cause: new DatabaseError("a") }) });
    expect(errorEntry(error).chain).toMatchObject([
      { type: "TypeError", msg: "b" },
      { type: "DatabaseError", msg: "a", code: "08006" },
    ]);
    expect(errorEntry(new Error("x", { cause: "text" })).chain).toEqual([{ type: "NonError", msg: "text" }]);
    expect(errorEntry(new Error("x", { cause: null }))).not.toHaveProperty("chain");
  });

  it("ends where causes have no end", () => {
    const circular = new Error("a");
    circular.cause = new Error("b", { cause: circular });
    expect(errorEntry(circular).chain).toMatchObject([{ msg: "b" }]);
    const own = new Error("own");
    own.cause = own;
    expect(errorEntry(own)).not.toHaveProperty("chain");
    const endless = {
      message: "endless",
      get cause(): object {
        return { ...Object.getOwnPropertyDescriptors(endless), message: "endless", cause: new Error("x") };
      },
    };
    expect(errorEntry(endless).chain?.length).toBeLessThanOrEqual(10);
    let deep = new Error("0");
    for (let depth = 1; depth < 1_000; depth++) {
      deep = new Error(String(depth), { cause: deep });
    }
    expect(errorEntry(deep).chain).toHaveLength(10);
  });

  it("has what an AggregateError has, and no more than some of it", () => {
    const many = Array.from({ length: 1_000 }, (_, n) => new Error(String(n)));
    const entry = errorEntry(new AggregateError([new DatabaseError("a"), "b", ...many], "all"));
    expect(entry).toMatchObject({ type: "AggregateError", msg: "all" });
    expect(entry.errors).toHaveLength(10);
    expect(entry.errors?.slice(0, 2)).toMatchObject([
      { type: "DatabaseError" },
      { type: "NonError", msg: "b" },
    ]);
    const nested = new AggregateError([], "self");
    nested.errors.push(nested);
    expect(errorEntry(nested).errors).toEqual([expect.not.objectContaining({ errors: expect.anything() })]);
  });

  it.each([
    ["text", "text"],
    [7, "7"],
    [7n, "7"],
    [undefined, "undefined"],
    [null, "null"],
    [Symbol("s"), "Symbol(s)"],
    [() => 1, "a function"],
    [[1, 2], "an array"],
    [{ status: 1, password: "hidden" }, "an object with status, password"],
    [Object.create(null), "an object"],
    [trap, "an object"],
  ])("says what was thrown that is no error: %#", (thrown, msg) => {
    expect(errorEntry(thrown)).toEqual({ type: "NonError", msg });
  });

  it("lives with getters that throw", () => {
    expect(errorEntry(throwingGetters())).toEqual({ type: "Error", msg: "message" });
    const error = new Error("outer", { cause: trap });
    expect(errorEntry(error).chain).toEqual([{ type: "NonError", msg: "an object" }]);
  });

  it("lives with errors of an AggregateError that cannot be read", () => {
    const hostile = (errors: unknown) => Object.assign(new AggregateError([], "many"), { errors });
    const throwing = Object.defineProperty([1, 2], "0", {
      get() {
        throw new Error("no");
      },
    });
    expect(errorEntry(hostile(throwing)).errors).toEqual([
      { type: "NonError", msg: "undefined" },
      { type: "NonError", msg: "2" },
    ]);
    const trapped = new Proxy([], {
      get() {
        throw new Error("no");
      },
    });
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    for (const errors of [trapped, proxy]) {
      expect(errorEntry(hostile(errors))).toMatchObject({ type: "AggregateError", msg: "many" });
      expect(errorEntry(hostile([errors])).errors).toHaveLength(1);
    }
  });

  it("keeps no more than some thousand characters, and nothing that forges lines", () => {
    const entry = errorEntry(new Error("\u001b[2J\r\nINFO: all is well\u009b1m\u202e".padEnd(100_000, "x")));
    expect(entry.msg).toMatch(/^\\u001b\[2J\\u000d\\u000aINFO: all is well\\u009b1m\\u202ex+…$/);
    expect(JSON.stringify(entry).length).toBeLessThan(12_000);
    for (const character of ["\u001b", "\u009b", "\r", "\u202e"]) {
      expect(entry.detail).not.toContain(character);
    }
  });
});
