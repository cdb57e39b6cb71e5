import { _get, _post, json, type Layer, PreconditionFailedError, ResponseError, respond } from "argania";
import { ConditionalRequestsLayer } from "argania/middleware";
import { describe, expect, test } from "vitest";
import { places } from "./layer-places.ts";

const JSON_BODY = '{"made":true}';

describe.each(Object.entries(places))("ConditionalRequestsLayer around the %s", (_, serviceOf) => {
  const serving = (handler: () => unknown, layers: Layer[] = [new ConditionalRequestsLayer()]) =>
    serviceOf(layers, handler as () => string);

  async function tagOf(service: ReturnType<typeof serving>): Promise<string> {
    return (await service.request("/a")).headers.get("etag") as string;
  }

  test.each([
    ["at once", () => json({ made: true })],
    ["later", async () => json({ made: true })],
  ])("gives what is made %s a tag, and 304 to who has it", async (_, handler) => {
    const service = serving(handler);
    const etag = await tagOf(service);
    expect(etag).toMatch(/^"[^"]+"$/);
    expect(await (await service.request("/a")).text()).toBe(JSON_BODY);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const same = await service.request("/a", { headers: { "if-none-match": known } });
      expect([same.status, await same.text(), same.headers.get("etag")]).toEqual([304, "", etag]);
      expect(same.headers.has("content-type")).toBe(false);
    }
    const other = await service.request("/a", { headers: { "if-none-match": '"other"' } });
    expect([other.status, await other.text()]).toEqual([200, JSON_BODY]);
  });

  test("is 412 for who wants another one", async () => {
    const service = serving(() => "x");
    const etag = await tagOf(service);
    expect((await service.request("/a", { headers: { "if-match": etag } })).status).toBe(200);
    const refused = await service.request("/a", { headers: { "if-match": '"other"' } });
    expect([refused.status, await refused.json()]).toMatchObject([
      412,
      { code: new PreconditionFailedError().code },
    ]);
  });

  test("looks at dates that the handler tells", async () => {
    const service = serving(
      () => respond({ "last-modified": "Sat, 01 Jan 2000 00:00:00 GMT" }, "x"),
      [new ConditionalRequestsLayer({ etag: false })],
    );
    const ask = async (date: string) =>
      (await service.request("/a", { headers: { "if-modified-since": date } })).status;
    expect(await ask("Sat, 01 Jan 2000 00:00:00 GMT")).toBe(304);
    expect(await ask("Fri, 31 Dec 1999 23:59:59 GMT")).toBe(200);
    expect(await ask("no date")).toBe(200);
  });

  test("leaves other answers alone", async () => {
    for (const answer of [() => 204, () => respond(404, "x"), () => respond(201, "x")]) {
      const response = await serving(answer).request("/a", { headers: { "if-none-match": "*" } });
      expect([response.status, response.headers.has("etag")]).toEqual([
        (answer() as { status?: number }).status ?? 204,
        false,
      ]);
    }
    for (const thrown of [() => Promise.reject(new ResponseError(403)), fails]) {
      const response = await serving(thrown).request("/a", { headers: { "if-none-match": "*" } });
      expect([response.status, response.headers.has("etag")]).toEqual([403, false]);
    }
  });

  test("leaves other methods alone", async () => {
    const service = serviceOf([new ConditionalRequestsLayer()], () => "changed", _post);
    const response = await service.request("/a", { method: "POST", headers: { "if-none-match": "*" } });
    expect([response.status, await response.text(), response.headers.has("etag")]).toEqual([
      200,
      "changed",
      false,
    ]);
  });

  test("answers HEAD as GET, without the body", async () => {
    const service = serviceOf([new ConditionalRequestsLayer()], () => "x", _get);
    const etag = await tagOf(service);
    const head = await service.request("/a", { method: "HEAD" });
    expect([head.status, head.headers.get("etag"), head.headers.get("content-length")]).toEqual([
      200,
      etag,
      "1",
    ]);
    const same = await service.request("/a", { method: "HEAD", headers: { "if-none-match": etag } });
    expect([same.status, await same.text()]).toEqual([304, ""]);
  });
});

function fails(): never {
  throw new ResponseError(403);
}
