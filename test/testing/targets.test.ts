import { Resource } from "argania";
import { testClient } from "argania/testing";
import { expect, test } from "vitest";

test.each(["x", "", "?page=1", "a/b", "localhost/x", "*x"])(
  "a path without its slash is refused: %j",
  async (path) => {
    const at = testClient(new Resource("/").intoService());
    const asked = [at.get(path), at.request("LOCK", path), at.webSocket(path), at.events(path).next()];
    for (const result of await Promise.allSettled(asked)) {
      expect(result.status).toBe("rejected");
      const { reason } = result as PromiseRejectedResult;
      expect(reason).toBeInstanceOf(TypeError);
      expect(reason.message).toContain(
        `write ${JSON.stringify(`/${path}`)} instead of ${JSON.stringify(path)}`,
      );
    }
    await at.close();
  },
);

test("other forms of targets go to the tree as they are written", async () => {
  const service = new Resource("/").intoService();
  const at = testClient(service);
  expect((await at.options("*")).status).toBe((await service.request("*", { method: "OPTIONS" })).status);
  expect((await at.get("//x")).status).toBe(404);
  expect((await at.get("/../x")).status).toBe(400);
  expect((await at.get("HTTP://localhost/x")).status).toBe(404);
  expect((await at.get(new URL("http://localhost/x"))).status).toBe(404);
  await at.close();
});
