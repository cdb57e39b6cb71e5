import { _get, _put, assertPreconditions, jsonBody, Resource, respond, StatusCode } from "argania";
import { describe, expect, test } from "vitest";

describe("assertPreconditions", () => {
  let version = 1;
  const service = new Resource("/page")
    .setHandlerFor(
      _get.to((context) => {
        const etag = `"${version}"`;
        return assertPreconditions(context, { etag }) ? StatusCode.NOT_MODIFIED : respond({ etag }, "page");
      }),
      _put.to([jsonBody], (_value, context) => {
        assertPreconditions(context, version === 0 ? null : { etag: `"${version}"` }, {
          required: version > 0,
        });
        version++;
        return 204;
      }),
    )
    .intoService();
  const put = (headers: Record<string, string>) =>
    service.request("/page", {
      method: "PUT",
      body: "{}",
      headers: { "content-type": "application/json", ...headers },
    });

  test("keeps two clients from undoing each other's changes", async () => {
    version = 1;
    expect((await put({ "if-match": '"1"' })).status).toBe(204);
    expect((await put({ "if-match": '"1"' })).status).toBe(412);
    expect((await put({})).status).toBe(428);
    expect(version).toBe(2);
    expect((await service.request("/page", { headers: { "if-none-match": '"2"' } })).status).toBe(304);
    expect((await service.request("/page")).status).toBe(200);
  });

  test("lets a client create what is not there, once", async () => {
    version = 0;
    expect((await put({ "if-none-match": "*" })).status).toBe(204);
    expect((await put({ "if-none-match": "*", "if-match": "*" })).status).toBe(412);
  });
});
