import { _get, Resource } from "argania";
import { expect, it } from "vitest";
import { sendRaw, withServer } from "../support/raw-http.ts";
import { capture } from "./capture.ts";

it.each(["req", "request", "res", "response"])(
  "redacts the headers of a web object in %s",
  async (holder) => {
    const log = capture();
    const root = new Resource("/");
    root.setHandlerFor(
      _get.to((context) => {
        log.logger.info({ [holder]: { id: 7, headers: context.headers } });
        log.logger.info({ [holder]: context.request });
        log.logger.info({
          [holder]: new Response(null, { headers: { "set-cookie": "hidden", etag: '"shown"' } }),
        });
        log.logger.info({ [holder]: null });
        return null;
      }),
    );
    await root
      .intoService()
      .request("/", { headers: { authorization: "hidden", cookie: "hidden", accept: "shown" } });
    expect(log.raw.join("")).not.toContain("hidden");
    const [own, request, response, nothing] = log.lines();
    const headers = { authorization: "[redacted]", cookie: "[redacted]", accept: "shown" };
    expect(own).toMatchObject({ [holder]: { id: 7, headers } });
    expect(request).toMatchObject({ [holder]: { headers } });
    expect(response).toMatchObject({
      [holder]: { headers: { "set-cookie": "[redacted]", etag: '"shown"' } },
    });
    expect(nothing).toMatchObject({ [holder]: null });
  },
);

it("writes no headers wherever else they are", async () => {
  const log = capture();
  const root = new Resource("/").setHandlerFor(
    _get.to((context) => {
      log.logger.info({ deep: { down: [context.headers, context.request.headers] } });
      return null;
    }),
  );
  await withServer(root.intoService(), (port) =>
    sendRaw(port, "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\nauthorization: hidden\r\n\r\n"),
  );
  expect(log.raw.join("")).not.toContain("hidden");
  expect(log.lines()[0]).toMatchObject({ deep: { down: [{}, {}] } });
});
