import { beforeEach, describe, expect, test } from "vitest";
import { BEFORE, DATE, VersionedSite } from "./versioned-site.ts";

let site = new VersionedSite();
beforeEach(() => {
  site = new VersionedSite();
});

describe("a change", () => {
  test.each([
    [{ "if-match": '"1"' }, 204],
    [{ "if-match": '"0", "1"' }, 204],
    [{ "if-match": "*" }, 204],
    [{ "if-match": '"0"' }, 412],
    [{ "if-match": 'W/"1"' }, 412],
    [{ "if-match": "" }, 412],
    [{ "if-unmodified-since": DATE }, 204],
    [{ "if-unmodified-since": BEFORE }, 412],
    [{ "if-unmodified-since": "yesterday" }, 204],
    // If-Match comes first, and then the date does not count (RFC 9110 §13.2.2).
    [{ "if-match": '"1"', "if-unmodified-since": BEFORE }, 204],
    [{ "if-none-match": "*" }, 412],
    [{ "if-none-match": '"1"' }, 412],
    [{ "if-none-match": 'W/"1"' }, 412],
    [{ "if-none-match": '"0"' }, 204],
    [{ "if-match": '"1"', "if-none-match": '"1"' }, 412],
    [{ "if-modified-since": DATE }, 204],
  ])("with %j: %i", async (headers, status) => {
    for (const method of ["PUT", "POST", "PATCH", "DELETE"]) {
      site.handled = [];
      const response = await site.ask(method, headers);
      expect([response.status, response.headers.get("etag")]).toEqual([status, null]);
      expect(site.handled).toEqual(status === 204 ? [method] : []);
    }
  });

  test.each([
    [{ "if-match": "*" }, 412],
    [{ "if-match": '"1"' }, 412],
    [{ "if-none-match": "*" }, 204],
    [{ "if-none-match": '"1"' }, 204],
    [{ "if-unmodified-since": BEFORE }, 204],
  ])("of what is not there, with %j: %i", async (headers, status) => {
    site.version = null;
    expect((await site.ask("PUT", headers)).status).toBe(status);
    expect(site.handled).toEqual(status === 204 ? ["PUT"] : []);
  });

  test("without a condition asks for no version", async () => {
    expect((await site.ask("PUT")).status).toBe(204);
    expect((await site.ask("PUT", { "if-modified-since": DATE })).status).toBe(204);
    expect((await site.ask("OPTIONS", { "if-match": '"0"' })).status).toBe(204);
    expect(site.asked).toBe(0);
  });

  test("is problem details", async () => {
    expect(await (await site.ask("PUT", { "if-match": '"0"' })).json()).toMatchObject({
      status: 412,
      code: "ARGANIA_PRECONDITION_FAILED",
    });
  });
});

describe("required", () => {
  const both = { required: true };
  test.each([
    ["PUT", {}, both, 428],
    ["PATCH", {}, both, 428],
    ["DELETE", { "if-none-match": '"0"' }, both, 428],
    ["POST", {}, both, 204],
    ["GET", {}, both, 200],
    ["PUT", { "if-match": '"1"' }, both, 204],
    ["PUT", { "if-match": '"0"' }, both, 412],
    ["PUT", { "if-unmodified-since": DATE }, both, 204],
    ["PUT", { "if-unmodified-since": "x" }, both, 428],
    ["POST", {}, { required: ["POST"] }, 428],
    ["PUT", {}, { required: ["POST"] }, 204],
    ["PUT", {}, { required: false }, 204],
  ])("%s with %j and %j: %i", async (method, headers, options, status) => {
    expect((await site.ask(method, headers, options)).status).toBe(status);
  });

  test("lets a client create what it says that must not be there", async () => {
    site.version = null;
    expect((await site.ask("PUT", {}, both)).status).toBe(428);
    expect((await site.ask("PUT", { "if-none-match": "*" }, both)).status).toBe(204);
  });
});
