import { Resource } from "argania";
import { expect, test } from "vitest";

test("the path of subresource() is relative, also where it repeats that of the resource", () => {
  const api = new Resource("/api");
  expect(api.subresource("/v1/items").path).toBe("/api/v1/items");
  expect(api.subresource("/api/v1").path).toBe("/api/api/v1");
});

test("a resource that is added has one segment, or its path from the root", () => {
  const api = new Resource("/api");
  const [child, items] = [new Resource("/v0"), new Resource("/api/v1/items")];
  api.addSubresource([child, items]);
  expect([child.path, items.path]).toEqual(["/api/v0", "/api/v1/items"]);
  expect(() => api.addSubresource(new Resource("/v1/users"))).toThrow(
    /"\/v1\/users" does not begin with "\/api".*or get it with subresource\(\), whose path is relative/,
  );
});
