import { _get, NotFoundResourceError, Resource, ResponseError, respond, withTrailers } from "argania";
import { ConditionalRequestsLayer } from "argania/middleware";
import { beforeEach, describe, expect, test } from "vitest";
import { BEFORE, DATE, V1, VersionedSite } from "./versioned-site.ts";

let site = new VersionedSite();
beforeEach(() => {
  site = new VersionedSite();
});

describe.each(["GET", "HEAD"])("%s", (method) => {
  const full = {
    ...V1,
    headers: { "cache-control": "no-cache", vary: "accept, cookie", expires: DATE, "content-location": "/1" },
  };

  test("is a 304 without the handler, with what RFC 9110 §15.4.5 demands", async () => {
    site.version = full;
    const response = await site.ask(method, { "if-none-match": 'W/"1"' });
    expect([response.status, site.handled, await response.text()]).toEqual([304, [], ""]);
    expect(Object.fromEntries(response.headers)).toEqual({ etag: '"1"', ...full.headers });
  });

  test("has the date when there is no tag", async () => {
    site.version = { lastModified: V1.lastModified };
    const response = await site.ask(method, { "if-modified-since": DATE });
    expect([response.status, Object.fromEntries(response.headers)]).toEqual([304, { "last-modified": DATE }]);
  });

  test.each([
    [{ "if-match": '"0"' }, 412],
    [{ "if-unmodified-since": BEFORE }, 412],
    [{ "if-match": '"1"', "if-none-match": '"1"' }, 304],
    [{ "if-none-match": '"0"', "if-modified-since": DATE }, 200],
    [{ "if-none-match": "*" }, 304],
    [{ "if-modified-since": BEFORE }, 200],
  ])("with %j: %i", async (headers, status) => {
    expect((await site.ask(method, headers)).status).toBe(status);
    expect(site.handled).toEqual(status === 200 ? [method] : []);
  });

  test("says the same of a 200 as of a 304", async () => {
    site.version = full;
    const response = await site.ask(method);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      etag: '"1"',
      "last-modified": DATE,
      ...full.headers,
    });
  });

  test("of what is not there is the handler's business, whatever the conditions", async () => {
    site.version = null;
    for (const headers of [{ "if-match": "*" }, { "if-none-match": "*" }, {}]) {
      const service = new Resource("/")
        .setHandlerFor(
          _get.wrappedIn(new ConditionalRequestsLayer({ validators: () => null })).to(() => {
            throw new NotFoundResourceError();
          }),
        )
        .intoService();
      expect((await service.request("/", { method, headers })).status).toBe(404);
    }
  });
});

describe("what the handler says", () => {
  const own = (answer: () => Response, headers: Record<string, string> = {}) =>
    new Resource("/")
      .setHandlerFor(
        _get
          .wrappedIn(
            new ConditionalRequestsLayer({
              validators: () => ({ etag: '"1"', headers: { vary: "accept", "cache-control": "no-cache" } }),
            }),
          )
          .to(answer),
      )
      .intoService()
      .request("/", { headers });

  test("stays, and is looked at once more", async () => {
    const answer = () => respond({ etag: '"2"', vary: "Accept, cookie", "cache-control": "private" }, "new");
    expect(Object.fromEntries((await own(answer)).headers)).toMatchObject({
      etag: '"2"',
      vary: "Accept, cookie",
      "cache-control": "private",
    });
    expect((await own(answer, { "if-none-match": '"2"' })).status).toBe(304);
    expect((await own(answer, { "if-match": '"1"' })).status).toBe(412);
  });

  test("is left alone where it is no representation", async () => {
    for (const status of [204, 303, 404]) {
      const response = await own(() => respond(status));
      expect([response.status, response.headers.get("etag")]).toEqual([status, null]);
    }
    const trailing = await own(() => withTrailers("a", { "x-a": "b" }));
    expect([trailing.headers.get("etag"), await trailing.text()]).toEqual(['"1"', "a"]);
  });

  test("may be an error", async () => {
    const response = await own(() => {
      throw new ResponseError(409);
    });
    expect([response.status, response.headers.get("etag")]).toEqual([409, null]);
  });
});
