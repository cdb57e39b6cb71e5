import { _post, jsonBody, Resource } from "argania";
import { expect, test } from "vitest";

test("a request is there for its head after its body was read, whoever reads that again", async () => {
  const root = new Resource("/").setHandlerFor(
    _post.to([jsonBody], (_value, context) => {
      context.body?.getReader();
      return context.request.headers.get("x-own") ?? "none";
    }),
  );
  const service = root.intoService();
  const headers = { "content-type": "application/json", "x-own": "own" };
  const init = { method: "POST", headers, body: "{}" };
  expect(await (await service.request("/", init)).text()).toBe("own");
  expect(await (await service.fetch(new Request("http://x/", init))).text()).toBe("own");
});
