import { _get, Resource } from "argania";
import { expect, test } from "vitest";

test.each<[string, Record<string, string>, RegExp]>([
  [
    "a scheme of a proxy",
    { "x-forwarded-proto": "gopher" },
    /X-Forwarded-\* says is malformed, or has a scheme/,
  ],
  ["too many hops", { "x-forwarded-for": "10.0.0.1,".repeat(60) }, /X-Forwarded-\* says/],
  ["a host of a proxy", { "x-forwarded-host": "a b" }, /^The host is missing, repeated or malformed/],
  ["a host", { host: "a b" }, /^The host is missing, repeated or malformed/],
])("a request is refused for %s, and told for which of them", async (_, headers, detail) => {
  const root = new Resource("/").setHandlerFor(_get.to(() => "x"));
  const service = root.intoService({ trustedProxies: { peers: ["10.0.0.1"], header: "x-forwarded" } });
  const response = await service.request("/", { remoteAddress: "10.0.0.1", headers });
  expect(response.status).toBe(400);
  expect(((await response.json()) as { detail: string }).detail).toMatch(detail);
});

test("Forwarded as well", async () => {
  const root = new Resource("/").setHandlerFor(_get.to(() => "x"));
  const service = root.intoService({ trustedProxies: { peers: ["10.0.0.1"], header: "forwarded" } });
  const headers = { forwarded: 'for="' };
  const response = await service.request("/", { remoteAddress: "10.0.0.1", headers });
  expect(((await response.json()) as { detail: string }).detail).toMatch(/^What Forwarded or/);
});
