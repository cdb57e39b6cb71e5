import { _get, html, Resource, ResponseError, respond } from "argania";
import { expect, test } from "vitest";

test("an error page of one's own has the status, headers and cookies of its error", async () => {
  const root = new Resource("/").setHandlerFor(
    _get.to((context) => {
      const cookies = context.cookies().remove("sid").set("a", "1");
      const error = new ResponseError(429, "Slowly.", { headers: { "retry-after": "9" }, cookies });
      return respond(error, { "x-page": "1" }, html("<h1>Slowly</h1>"));
    }),
  );
  const response = await root.intoService().request("/");
  expect(response.status).toBe(429);
  expect(response.headers.get("retry-after")).toBe("9");
  expect(response.headers.get("x-page")).toBe("1");
  expect(response.headers.getSetCookie().map((line) => line.slice(0, 4))).toEqual(["sid=", "a=1;"]);
  expect(await response.text()).toBe("<h1>Slowly</h1>");
});
