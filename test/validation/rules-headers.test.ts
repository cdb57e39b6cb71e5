import { headers, pathParams } from "argania";
import { fastestValidator } from "argania/fastest-validator";
import { describe, expect, it } from "vitest";
import { serve } from "./serve.ts";

describe("headers", () => {
  it("are those that the rules name, converted", async () => {
    const app = serve(
      headers({ "x-tenant": "string|min:3", "x-page": "number|optional", "x-tag": "string[]" }),
    );
    expect(
      (await app.get("/", { "X-Tenant": "acme", "x-page": "2", "x-tag": "a", cookie: "a=1" })).body,
    ).toEqual({
      "x-tenant": "acme",
      "x-page": 2,
      "x-tag": ["a"],
    });
  });

  it("that do not fit are a 400 with every issue", async () => {
    const app = serve(headers({ "x-tenant": "string|min:3", "x-page": "number" }));
    expect(await app.get("/", { "x-tenant": "a", "x-page": "a" })).toEqual({
      status: 400,
      body: {
        type: "about:blank",
        title: "Bad Request",
        status: 400,
        detail: "The headers are not valid.",
        code: "ARGANIA_HEADERS",
        issues: [
          {
            path: "x-tenant",
            message: "The 'x-tenant' field length must be greater than or equal to 3 characters long.",
          },
          { path: "x-page", message: "The 'x-page' field must be a number." },
        ],
      },
    });
  });

  it("are all of them, as texts, without rules", async () => {
    const app = serve(headers);
    await app.get("/", { "x-a": "1", constructor: "2" });
    expect(app.seen).toMatchObject({ "x-a": "1", constructor: "2" });
    expect((await serve(headers()).get("/", { "x-a": "1" })).body).toMatchObject({ "x-a": "1" });
  });
});

describe("a wrapped schema", () => {
  it("converts for extractors of texts, and not by itself", async () => {
    const schema = fastestValidator({ a: "number" });
    expect((await serve(pathParams(schema)).get("/5")).body).toEqual({ a: 5 });
    expect(await schema["~standard"].validate({ a: "5" })).toMatchObject({ issues: [{ path: ["a"] }] });
  });
});
