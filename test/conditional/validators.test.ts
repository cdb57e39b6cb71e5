import { NotFoundResourceError } from "argania";
import { beforeEach, describe, expect, test } from "vitest";
import { DATE, VersionedSite } from "./versioned-site.ts";

let site = new VersionedSite();
beforeEach(() => {
  site = new VersionedSite();
});

describe("validators", () => {
  test("may throw, as a handler may", async () => {
    site.version = new NotFoundResourceError();
    expect((await site.ask("PUT", { "if-match": "*" })).status).toBe(404);
    site.version = new Error("secret");
    const response = await site.ask("GET");
    expect([response.status, (await response.text()).includes("secret")]).toEqual([500, false]);
    expect(site.handled).toEqual([]);
  });

  test.each([
    [undefined, "gave undefined: return { etag }"],
    ["1", "gave a string: return { etag }"],
    [{ etag: "1" }, 'is an entity-tag, with its quotes, not "1"'],
    [{ etag: '"1"\r\nset-cookie: a=b' }, "is an entity-tag"],
    [{ etag: 1 }, "is an entity-tag, with its quotes, not a number"],
    [{ lastModified: DATE }, "is a Date, not a string"],
    [{ lastModified: new Date(Number.NaN) }, "is a Date, not"],
    [{ etag: '"1"', headers: null }, "are an object, not null"],
    [{ etag: '"1"', headers: "no-cache" }, "are an object, not a string"],
    [{ headers: { "set-cookie": "a=b" } }, 'have "set-cookie"'],
  ])("that give %j are a mistake: 500, and nothing is changed", async (given, message) => {
    site.version = given;
    for (const method of ["GET", "PUT"]) {
      expect((await site.ask(method, { "if-match": "*" })).status).toBe(500);
    }
    expect(site.handled).toEqual([]);
    expect(String(site.reports[0]?.err)).toContain(message);
  });
});
