import { _get, _post, _requestReceiver, json, Resource, ResponseError, respond } from "argania";
import { connectLayer, nodeRequest } from "argania/connect";
import express from "express";
import session from "express-session";
import passport from "passport";
import { Strategy } from "passport-local";
import { describe, expect, it } from "vitest";
import { serveTree } from "./serve-tree.ts";

declare module "express-session" {
  interface SessionData {
    views: number;
    name: string;
  }
}

/** A store that takes its time: whoever does not wait for it reads what was there before. */
class SlowStore extends session.MemoryStore {
  override set(id: string, data: session.SessionData, callback?: (error?: unknown) => void): void {
    setTimeout(() => super.set(id, data, callback), 50);
  }
}

const sessions = () =>
  session({ secret: "a secret", resave: false, saveUninitialized: false, store: new SlowStore() });

const cookieOf = (response: Response) => (response.headers.getSetCookie()[0] ?? "").split(";")[0] as string;

describe("express-session", () => {
  const tree = () => {
    const root = new Resource("/");
    root.addLayerTo(_requestReceiver(connectLayer(sessions())));
    root.subresource("/views").setHandlerFor(
      _get.to((context) => {
        const { session: own } = nodeRequest<express.Request>(context);
        own.views = (own.views ?? 0) + 1;
        return json({ views: own.views });
      }),
    );
    root.subresource("/login/{name}").setHandlerFor(
      _post.to((context) => {
        nodeRequest<express.Request>(context).session.name = context.params.name;
        return respond(303, { location: "/me", "set-cookie": "own=1" }, null);
      }),
    );
    root
      .subresource("/me")
      .setHandlerFor(_get.to((context) => nodeRequest<express.Request>(context).session.name ?? "nobody"));
    root.subresource("/refused").setHandlerFor(
      _get.to((context) => {
        nodeRequest<express.Request>(context).session.name = "refused";
        throw new ResponseError(403, "Refused.");
      }),
    );
    return root;
  };

  it("keeps a session over a socket and in process, saved before the end", async () => {
    const { url, service } = await serveTree(tree());
    for (const ask of [(path: string, init?: object) => fetch(url + path, init), service.request]) {
      const first = await ask("/views");
      expect(await first.json()).toEqual({ views: 1 });
      const headers = { cookie: cookieOf(first) };
      expect(headers.cookie).toContain("connect.sid=");
      expect(await (await ask("/views", { headers })).json()).toEqual({ views: 2 });
      expect(await (await ask("/views", { headers })).json()).toEqual({ views: 3 });
    }
  });

  it("has saved when a client is redirected, and keeps the handler's cookies", async () => {
    const { url } = await serveTree(tree());
    const login = await fetch(`${url}/login/ada`, { method: "POST", redirect: "manual" });
    expect(login.status).toBe(303);
    const cookies = login.headers.getSetCookie();
    expect(cookies.map((cookie) => cookie.split("=")[0]).sort()).toEqual(["connect.sid", "own"]);
    const cookie = cookies.find((one) => one.startsWith("connect.sid"))?.split(";")[0] as string;
    expect(await (await fetch(`${url}/me`, { headers: { cookie } })).text()).toBe("ada");
  });

  it("saves and sets its cookie when the handler throws", async () => {
    const { url } = await serveTree(tree());
    const refused = await fetch(`${url}/refused`);
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain("Refused.");
    const me = await fetch(`${url}/me`, { headers: { cookie: cookieOf(refused) } });
    expect(await me.text()).toBe("refused");
  });

  it("sets no cookie where nothing is in the session", async () => {
    const { url } = await serveTree(tree());
    const response = await fetch(`${url}/me`);
    expect([await response.text(), response.headers.getSetCookie()]).toEqual(["nobody", []]);
  });
});

describe("passport", () => {
  const tree = () => {
    const auth = new passport.Passport();
    auth.use(new Strategy((name, password, done) => done(null, password === "right" ? { id: name } : false)));
    auth.serializeUser((user, done) => done(null, (user as { id: string }).id));
    auth.deserializeUser((id, done) => done(null, { id }));
    const root = new Resource("/");
    root.addLayerTo(_requestReceiver(connectLayer(sessions(), auth.initialize(), auth.session())));
    const login = connectLayer(express.urlencoded({ extended: false }), auth.authenticate("local"));
    root.subresource("/login").setHandlerFor(_post.to(() => "welcome").wrappedIn(login));
    const redirecting = auth.authenticate("local", { successRedirect: "/me", failureRedirect: "/login" });
    root
      .subresource("/form")
      .setHandlerFor(_post.to(() => "never").wrappedIn(connectLayer(express.urlencoded(), redirecting)));
    root.subresource("/me").setHandlerFor(
      _get.to((context) => {
        const { user } = nodeRequest<express.Request>(context);
        if (user === undefined) {
          throw new ResponseError(401);
        }
        return json(user);
      }),
    );
    return root;
  };
  const form = (password: string) => new URLSearchParams({ username: "ada", password });

  it("logs in with a session, over a socket and in process", async () => {
    const { url, service } = await serveTree(tree());
    for (const ask of [(path: string, init?: object) => fetch(url + path, init), service.request]) {
      expect((await ask("/me")).status).toBe(401);
      const failed = await ask("/login", { method: "POST", body: form("wrong") });
      expect([failed.status, await failed.text()]).toEqual([401, "Unauthorized"]);
      const login = await ask("/login", { method: "POST", body: form("right") });
      expect([login.status, await login.text()]).toEqual([200, "welcome"]);
      const me = await ask("/me", { headers: { cookie: cookieOf(login) } });
      expect(await me.json()).toEqual({ id: "ada" });
    }
  });

  it("redirects", async () => {
    const { url } = await serveTree(tree());
    const post = (password: string) =>
      fetch(`${url}/form`, { method: "POST", body: form(password), redirect: "manual" });
    expect((await post("wrong")).headers.get("location")).toBe("/login");
    const login = await post("right");
    expect([login.status, login.headers.get("location")]).toEqual([302, "/me"]);
    const me = await fetch(`${url}/me`, { headers: { cookie: cookieOf(login) } });
    expect(await me.json()).toEqual({ id: "ada" });
  });
});
