import { _get, _requestPasser, _requestReceiver, type ErrorReport, Resource, Router } from "argania";
import { cookieKey } from "argania/cookies";
import { type CookieSession, defineSession, SessionError, SessionLayer } from "argania/middleware";
import { expect, test } from "vitest";
import { CookieClient, KEY } from "./cookie-client.ts";

interface Data {
  name: string;
}

function site(outer: CookieSession<Data>, inner: CookieSession<Data>) {
  const errors: unknown[] = [];
  const root = new Resource("/").addLayerTo(_requestReceiver(new SessionLayer(inner))).setHandlerFor(
    _get.to([outer, inner], (first, second) => {
      const before = `${first.get("name")} ${second.get("name")}`;
      first.set("name", "Ada");
      second.set("name", "Bob");
      return before;
    }),
  );
  root.subresource("/neither").setHandlerFor(_get.to(() => "neither"));
  const router = new Router()
    .setProperty(cookieKey.to(KEY))
    .addLayerTo(_requestPasser(new SessionLayer(outer)))
    .addResource(root);
  const logger = { error: ({ err }: ErrorReport) => errors.push(err) };
  return { errors, service: router.intoService({ logger }) };
}

test.each(["http://example.com", "https://example.com"])(
  "of two sessions in one cookie, one would be lost: %s",
  async (origin) => {
    const { service, errors } = site(defineSession<Data>(), defineSession<Data>());
    const client = new CookieClient(service, origin);
    // Whether it asks for them or not: what is wrong is seen at the first request.
    for (const path of ["/", "/neither"]) {
      expect((await client.ask(path)).status).toBe(500);
    }
    expect(client.cookies.size).toBe(0);
    const name = origin.startsWith("https") ? "__Host-session" : "session";
    expect(errors).toHaveLength(2);
    expect(errors[0]).toBeInstanceOf(SessionError);
    expect(errors[0]).toMatchObject({ code: "ARGANIA_SESSION" });
    expect(String(errors[0])).toContain(`"${name}": give one of them another name`);
  },
);

test("two sessions with names of their own are both kept", async () => {
  const { service, errors } = site(defineSession<Data>(), defineSession<Data>({ name: "admin" }));
  const client = new CookieClient(service);
  expect(await client.text("/")).toBe("undefined undefined");
  expect(await client.text("/")).toBe("Ada Bob");
  expect(errors).toEqual([]);
});

test("two layers of one session are no two sessions", async () => {
  const session = defineSession<Data>();
  const { service, errors } = site(session, session);
  const client = new CookieClient(service);
  await client.text("/");
  expect(await client.text("/")).toBe("Bob Bob");
  expect(errors).toEqual([]);
});
