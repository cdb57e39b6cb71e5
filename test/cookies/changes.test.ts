import {
  _get,
  _requestReceiver,
  around,
  CookieError,
  type Handler,
  json,
  type PathParams,
  Resource,
  ResponseError,
  redirect,
  respond,
} from "argania";
import { describe, expect, it } from "vitest";
import { jarOf, linesOf } from "./with-jar.ts";

const DEFAULTS = "Path=/; HttpOnly; SameSite=Lax";

describe("appendTo", () => {
  it("adds changes only", async () => {
    const jar = await jarOf({ cookie: "a=1; b=2" });
    expect(linesOf(jar)).toEqual([]);
    jar.get("a");
    expect(linesOf(jar)).toEqual([]);
    expect(linesOf(jar.set("b", "2"))).toEqual([`b=2; ${DEFAULTS}`]);
  });

  it("adds them once, however often it is called", async () => {
    const jar = (await jarOf()).set("a", "1");
    const headers = new Headers();
    linesOf(jar, headers);
    expect(linesOf(jar.set("b", "2"), headers)).toEqual([`a=1; ${DEFAULTS}`, `b=2; ${DEFAULTS}`]);
    expect(linesOf(jar, headers)).toHaveLength(2);
    expect(respond(jar, respond(jar, "body")).headers.getSetCookie()).toHaveLength(2);
  });

  it("sends the last of several changes of one cookie", async () => {
    const jar = (await jarOf()).set("a", "1").set("a", "2", { maxAge: 5 });
    expect(linesOf(jar)).toEqual(["a=2; Max-Age=5; Path=/; HttpOnly; SameSite=Lax"]);
  });

  it("replaces what a response has of an earlier change, and nothing else", async () => {
    const jar = (await jarOf()).set("a", "1");
    const headers = new Headers([["set-cookie", "other=1"]]);
    linesOf(jar, headers);
    expect(linesOf(jar.set("a", "2"), headers)).toEqual(["other=1", `a=2; ${DEFAULTS}`]);
    expect(linesOf(jar.set("a", "1"), headers)).toEqual(["other=1", `a=1; ${DEFAULTS}`]);
    const untouched = new Headers([["set-cookie", "other=1"]]);
    expect(linesOf(jar, untouched)).toEqual(["other=1", `a=1; ${DEFAULTS}`]);
  });

  it("tells cookies apart as browsers do: by name, domain, path and partition", async () => {
    const jar = (await jarOf())
      .set("a", "1")
      .set("A", "2")
      .set("a", "3", { path: "/x" })
      .set("a", "4", { domain: "example.com" })
      .set("a", "5", { partitioned: true })
      .set("a", "6", { domain: ".Example.com" })
      .set("a", "7", { path: "/", httpOnly: false });
    expect(linesOf(jar).map((line) => line.slice(0, 3))).toEqual(["a=7", "A=2", "a=3", "a=6", "a=5"]);
    expect(jar.get("a")).toBe("7");
  });
});

describe("remove", () => {
  it("sends an empty cookie that has expired", async () => {
    expect(linesOf((await jarOf({ cookie: "a=1" })).remove("a"))).toEqual([
      "a=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax",
    ]);
  });

  it("takes the attributes of set, and ignores how long they let it live", async () => {
    const attributes = { path: "/x", domain: "example.com", partitioned: true, maxAge: 99, httpOnly: false };
    expect(linesOf((await jarOf()).remove("a", attributes))).toEqual([
      "a=; Max-Age=0; Domain=example.com; Path=/x; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure; Partitioned; SameSite=Lax",
    ]);
  });

  it("undoes a set of the same cookie, and a set undoes it", async () => {
    const jar = await jarOf();
    expect(linesOf(jar.set("a", "1").remove("a"))).toEqual([expect.stringMatching(/^a=; Max-Age=0/)]);
    expect(linesOf(jar.set("a", "1"))).toEqual([`a=1; ${DEFAULTS}`]);
  });

  it("keeps the rules of prefixes, without which the cookie would stay", async () => {
    expect(linesOf((await jarOf()).remove("__Host-a"))[0]).toContain("; Secure;");
    const jar = await jarOf();
    expect(() => jar.remove("__Host-a", { path: "/x" })).toThrow(CookieError);
    expect(() => jar.remove("a b")).toThrow(CookieError);
  });
});

describe("a response", () => {
  const answer = async (handler: Handler<PathParams, unknown, undefined>, accept = "*/*") => {
    const service = new Resource("/").setHandlerFor(_get.to(handler)).intoService();
    return service.request("/", { headers: { accept } });
  };

  it("has the cookies that respond is given, with whatever body", async () => {
    const response = await answer((context) => {
      const jar = context.cookies().set("a", "1").set("b", "2");
      return respond(201, { location: "/x" }, jar, json({ ok: true }));
    });
    expect(response.status).toBe(201);
    expect(response.headers.getSetCookie()).toEqual([`a=1; ${DEFAULTS}`, `b=2; ${DEFAULTS}`]);
    expect(await response.json()).toEqual({ ok: true });
  });

  it("can be a redirect", async () => {
    const response = await answer((context) => respond(context.cookies().set("a", "1"), redirect("/", 303)));
    expect([response.status, response.headers.get("location")]).toEqual([303, "/"]);
    expect(response.headers.getSetCookie()).toHaveLength(1);
  });

  it("can be the jar itself", async () => {
    const response = await answer((context) => context.cookies().set("a", "1").set("b", "2"));
    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect(response.headers.getSetCookie()).toEqual([`a=1; ${DEFAULTS}`, `b=2; ${DEFAULTS}`]);
  });

  it("can be an error", async () => {
    const response = await answer((context) => {
      const cookies = context.cookies().remove("sid").set("why", "expired");
      throw new ResponseError(401, "Log in again.", { cookies });
    });
    expect(response.status).toBe(401);
    expect(response.headers.getSetCookie().map((line) => line.slice(0, 5))).toEqual(["sid=;", "why=e"]);
  });

  it("has no cookie that was not given to it", async () => {
    const response = await answer((context) => {
      context.cookies().set("a", "1");
      return "body";
    });
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it("is not made when a cookie is refused", async () => {
    const reports: unknown[] = [];
    const service = new Resource("/")
      .setHandlerFor(_get.to((context) => respond(context.cookies().set("a", "1").set("a b", "2"), "x")))
      .intoService({ logger: { error: ({ err }) => void reports.push(err) } });
    const response = await service.request("/");
    expect(response.status).toBe(500);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(await response.text()).not.toContain("cookie");
    expect(reports).toEqual([expect.any(CookieError)]);
  });
});

it("is sent by a layer, beside what the handler sends", async () => {
  const root = new Resource("/");
  root.addLayerTo(
    _requestReceiver([
      around(async (context, next) => context.cookies().applyTo(await next())),
      around(async (context, next) => {
        context.cookies().set("visits", "1");
        const response = await next();
        context.cookies().set("visits", "2");
        return response;
      }),
    ]),
  );
  root.setHandlerFor(_get.to((context) => respond(context.cookies().set("a", "1"), "ok")));
  const response = await root.intoService().request("/");
  expect(response.headers.getSetCookie()).toEqual([`a=1; ${DEFAULTS}`, `visits=2; ${DEFAULTS}`]);
});
