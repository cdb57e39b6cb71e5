import { _get, _requestReceiver, Resource, respond } from "argania";
import { LoggerLayer } from "argania/logger";
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

const SECRETS = {
  "x-vault-token": "hidden",
  "x-amz-security-token": "hidden",
  "x-access-token": "hidden",
  "x-goog-iap-jwt-assertion": "hidden",
  "x-auth-key": "hidden",
  "x-session-id": "hidden",
  "x-hub-signature-256": "hidden",
  "sec-websocket-protocol": "bearer, hidden",
  referer: "https://hidden:hidden@app.example/reset?token=hidden&page=2#access_token=hidden",
};

it("redacts headers that sound like a credential's, and URLs in headers", async () => {
  const log = capture();
  const root = new Resource("/");
  root.addLayerTo(
    _requestReceiver(new LoggerLayer({ logger: log.logger, headers: true, responseHeaders: true })),
  );
  root.setHandlerFor(_get.to(() => respond(302, { location: "/cb?code=hidden&ok=1" }, "")));
  const harmless = {
    "user-agent": "shown",
    "access-control-request-headers": "x-token",
    "x-request-id": "7",
  };
  await root.intoService().request("/", { headers: { ...SECRETS, ...harmless } });
  expect(log.raw.join("")).not.toContain("hidden");
  expect(log.lines()[0]).toMatchObject({
    headers: {
      ...harmless,
      "x-vault-token": "[redacted]",
      referer: "https://[redacted]@app.example/reset?token=[redacted]&page=2#[redacted]",
    },
    responseHeaders: { location: "/cb?code=[redacted]&ok=1" },
  });
});

it.each([
  ["pass=hidden", "pass=[redacted]"],
  ["SAMLResponse=hidden&RelayState=hidden", "SAMLResponse=[redacted]&RelayState=[redacted]"],
  ["ticket=hidden", "ticket=[redacted]"],
  ["eyJhbGciOi.hidden", "[redacted]"],
  ["aGlkZGVuLWhpZGRlbg-hidden==", "[redacted]"],
  [`${"hidden".repeat(20)}=1`, "[redacted]"],
  ["verbose&page=2", "verbose=&page=2"],
])("redacts ?%s", async (query, shown) => {
  const log = capture();
  const root = new Resource("/").addLayerTo(
    _requestReceiver(new LoggerLayer({ logger: log.logger, query: true })),
  );
  await root.intoService().request(`/?${query}`);
  expect(log.raw.join("")).not.toContain("hidden");
  expect(log.lines()[0]).toMatchObject({ query: shown });
});
