import { _post, Resource } from "argania";
import { expect, it } from "vitest";

const service = new Resource("/").setHandlerFor(_post.to(({ method }) => method)).intoService();

it.each([
  [{ json: {} }, /service\.request\(\) has no option "json"\. There are: method, headers, body/],
  [{ remoteAdress: "9.9.9.9" }, /no option "remoteAdress"/],
  ["POST", /takes an object of options, not a string/],
])("service.request refuses the options %j", async (options, message) => {
  await expect(service.request("/", options as never)).rejects.toThrow(message);
});

it("service.request takes a Request, and what fetch demands beside a stream", async () => {
  const streamed = { method: "POST", body: new Blob(["b"]).stream(), duplex: "half" };
  for (const init of [streamed, new Request("http://a/", { method: "POST" })]) {
    expect(await (await service.request("/", init as never)).text()).toBe("POST");
  }
});
