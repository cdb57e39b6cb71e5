import { _get, _requestReceiver, ErrorResponse, Resource, redirect, respond } from "argania";
import { cookieKey } from "argania/cookies";
import { defineSession, SessionLayer } from "argania/middleware";
import { expect, it } from "vitest";
import { serve } from "../server/serve.ts";
import { KEY } from "./cookie-client.ts";
import { type Data, sessionApp } from "./session-app.ts";

const lines = (response: Response) => response.headers.getSetCookie();

it.each([
  ["respond(204)", () => respond(204)],
  ["a Response", () => new Response(null, { status: 204 })],
])("a cookie is not left on %s that others get, too", async (_, make) => {
  const session = defineSession<Data>();
  const shared = make();
  const root = new Resource("/").setProperty(cookieKey.to(KEY));
  root.addLayerTo(_requestReceiver(new SessionLayer(session)));
  root.subresource("/login").setHandlerFor(
    _get.to([session], (current) => {
      current.set("userId", "7");
      return shared;
    }),
  );
  root.subresource("/other").setHandlerFor(_get.to(() => shared));
  const service = root.intoService();
  expect(lines(await service.request("/login"))).toHaveLength(1);
  const other = await service.request("/other");
  expect([other.status, lines(other)]).toEqual([204, []]);
});

it("a cookie is not left on what an error renders itself as", async () => {
  const toLogin = redirect("/login");
  class LoginNeeded extends ErrorResponse {
    readonly code = "LOGIN_NEEDED";
    readonly status = 303;

    override intoResponse() {
      return toLogin;
    }
  }
  const app = sessionApp(defineSession<Data>(), {
    change: (session) => {
      session.set("userId", "7");
      throw new LoginNeeded();
    },
    plain: () => {
      throw new LoginNeeded();
    },
  });
  const cookies = async (path: string) => lines(await app.service.request(path)).length;
  expect([await cookies("/change"), await cookies("/plain"), await cookies("/change")]).toEqual([1, 0, 1]);
  const { port } = await serve(app.service);
  const overSocket = async (path: string) =>
    lines(await fetch(`http://127.0.0.1:${port}${path}`, { redirect: "manual" })).length;
  expect([await overSocket("/change"), await overSocket("/plain")]).toEqual([1, 0]);
});

it("a private cookie is not left on a redirect that others get, too", async () => {
  const toHome = redirect("/");
  const root = new Resource("/").setProperty(cookieKey.to(KEY));
  root
    .subresource("/login")
    .setHandlerFor(_get.to((context) => respond(context.cookies().private.set("user", "7"), toHome)));
  root.subresource("/other").setHandlerFor(_get.to(() => toHome));
  const service = root.intoService();
  expect(lines(await service.request("/login"))).toHaveLength(1);
  const other = await service.request("/other");
  expect([other.status, other.headers.get("location"), lines(other)]).toEqual([303, "/", []]);
});
