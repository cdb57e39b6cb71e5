import { respond } from "argania";
import { describe, expect, it } from "vitest";

describe("headers in front of the body of respond", () => {
  it("replace those of the body, whatever their case, when there is one", () => {
    const { headers } = respond({ "Content-Type": "text/csv" }, "a,b");
    expect([...headers]).toEqual([["content-type", "text/csv"]]);
  });

  it("replace nothing when the one is a cookie, whatever its case", () => {
    const { headers } = respond(
      { "Set-Cookie": "a=1" },
      { "SET-COOKIE": "b=2" },
      [["set-cookie", "c=3"]] as never,
      "",
    );
    expect(headers.getSetCookie()).toEqual(["a=1", "b=2", "c=3"]);
  });

  it("are checked when there is one", () => {
    expect(() => respond({ location: "/\r\nx: y" }, "")).toThrow("Invalid value");
    expect(() => respond({ "a b": "1" }, "")).toThrow("Invalid header name");
    expect(respond([[1, "x"]] as never, "").headers.get("1")).toBe("x");
  });

  it("are combined when several have one name", () => {
    const { headers } = respond({ Vary: "accept", vary: "cookie" }, "");
    expect(headers.get("vary")).toBe("accept, cookie");
  });

  it("may be none", () => {
    expect([...respond({}, "x").headers]).toEqual([["content-type", "text/plain; charset=utf-8"]]);
  });
});
