import {
  _get,
  _requestReceiver,
  type ErrorReport,
  Resource,
  ResponseError,
  redirect,
  respond,
} from "argania";
import { cookieKey } from "argania/cookies";
import { defineSession, type Session, SessionLayer } from "argania/middleware";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { serve } from "../server/serve.ts";
import { CookieClient, KEY } from "./cookie-client.ts";
import { type Data, sessionApp } from "./session-app.ts";

const lines = (response: Response) => response.headers.getSetCookie();

describe("a session is kept", () => {
  const app = sessionApp(defineSession<Data>(), {
    user: (session) => session.get("userId"),
    refused: (session) => {
      session.set("userId", "7");
      throw new ResponseError(401, "No.");
    },
    failed: (session) => {
      session.set("userId", "7");
      throw new Error("A bug.");
    },
    moved: (session) => {
      session.set("userId", "7");
      return new Response(null, { status: 303, headers: { location: "/user" } });
    },
  });

  it.each([
    ["/refused", 401],
    ["/failed", 500],
    ["/moved", 303],
  ])("with what %s answers: %i", async (path, status) => {
    const client = new CookieClient(app.service);
    const response = await client.ask(path);
    expect(response.status).toBe(status);
    expect(lines(response)).toHaveLength(1);
    expect(await client.text("/user")).toBe('"7"');
  });

  it("with an error of an asynchronous handler, over a socket", async () => {
    const session = defineSession<Data>();
    const root = new Resource("/").setProperty(cookieKey.to(KEY));
    root.addLayerTo(_requestReceiver(new SessionLayer(session)));
    root.setHandlerFor(
      _get.to(async (context) => {
        session.of(context).set("userId", "7");
        await Promise.resolve();
        throw new ResponseError(409);
      }),
    );
    const { port } = await serve(root.intoService());
    const response = await fetch(`http://127.0.0.1:${port}/`);
    expect(response.status).toBe(409);
    expect(lines(response)).toHaveLength(1);
  });

  it("beside other cookies, and once", async () => {
    const session = defineSession<Data>();
    const root = new Resource("/").setProperty(cookieKey.to(KEY));
    root.addLayerTo(_requestReceiver(new SessionLayer(session)));
    root.setHandlerFor(
      _get.to([session], (current, context) => {
        current.set("userId", "7");
        return respond(context.cookies().set("a", "1"), redirect("/", 303));
      }),
    );
    const set = lines(await root.intoService().request("/"));
    expect(set.map((line) => line.split("=")[0])).toEqual(["a", "session"]);
  });
});

describe("a session that cannot be kept is a 500, and its reason is logged", () => {
  const kept: { session?: Session<Data> } = {};
  const app = sessionApp(defineSession<Data>(), {
    large: (session) => void session.set("text", "x".repeat(3000)),
    fits: (session) => void session.set("text", "x".repeat(2800)),
    cycle: (session) => {
      const cart: unknown[] = [];
      cart.push(cart);
      session.set("cart", cart as string[]);
    },
    bigint: (session) => void session.set("userId", 7n as never),
    keep: (session) => {
      kept.session = session;
    },
    largeAndRefused: (session) => {
      session.set("text", "x".repeat(5000));
      throw new ResponseError(401);
    },
  });

  it("too large for a cookie", async () => {
    const response = await app.service.request("/large");
    expect(response.status).toBe(500);
    expect(lines(response)).toEqual([]);
    expect(await response.text()).not.toMatch(/cookie|session/i);
    expect(app.errors.splice(0)).toMatchObject([
      { code: "ARGANIA_SESSION", message: expect.stringContaining("give defineSession a store") },
    ]);
    expect((await app.service.request("/fits")).status).toBe(200);
  });

  it.each([
    ["/cycle", "JSON cannot hold"],
    ["/bigint", 'what JSON can hold, and "userId" is a bigint'],
  ])("%s", async (path, message) => {
    expect((await app.service.request(path)).status).toBe(500);
    expect(app.errors.splice(0)).toMatchObject([{ message: expect.stringContaining(message) }]);
  });

  it("and does not hide another error", async () => {
    expect((await app.service.request("/largeAndRefused")).status).toBe(500);
    expect(app.errors.splice(0)).toMatchObject([{ errors: [{ status: 401 }, { code: "ARGANIA_SESSION" }] }]);
  });

  it("changed after the response", async () => {
    await app.service.request("/keep");
    const { session } = kept;
    expect(() => session?.set("userId", "7")).toThrow(
      /after its SessionLayer had been left.*before a stream/,
    );
    expect(() => session?.destroy()).toThrow(expect.objectContaining({ code: "ARGANIA_SESSION" }));
    expect(session?.get("userId")).toBeUndefined();
    expect(session?.take("userId")).toBeUndefined();
  });
});

it("a stream that changes the session is broken off, and the reason is logged", async () => {
  const session = defineSession<Data>();
  const reports: ErrorReport[] = [];
  const root = new Resource("/").setProperty(cookieKey.to(KEY));
  root.addLayerTo(_requestReceiver(new SessionLayer(session)));
  root.setHandlerFor(
    _get.to([session], async function* (current) {
      yield "one";
      current.set("userId", "7");
      yield "two";
    }),
  );
  const logger = { error: (report: ErrorReport) => reports.push(report) };
  const { port } = await serve(root.intoService({ logger }));
  const response = await fetch(`http://127.0.0.1:${port}/`);
  await expect(response.text()).rejects.toThrow();
  expect(lines(response)).toEqual([]);
  expect(reports).toMatchObject([{ err: { code: "ARGANIA_SESSION" } }]);
});

describe("a schema", () => {
  const schema = z.object({ userId: z.string().optional(), visits: z.coerce.number().default(0) });
  const session = defineSession({ schema });
  const app = (definition = session) => {
    const root = new Resource("/").setProperty(cookieKey.to(KEY));
    root.addLayerTo(_requestReceiver(new SessionLayer(definition)));
    root.subresource("/visit").setHandlerFor(
      _get.to([definition], (current) => {
        current.set("visits", (current.get("visits") ?? 0) + 1);
        return String(current.get("visits"));
      }),
    );
    root.subresource("/look").setHandlerFor(_get.to([definition], (current) => `${current.get("visits")}`));
    root.subresource("/wrong").setHandlerFor(
      _get.to([definition], (current) => {
        current.set("visits", "many" as never);
        return "";
      }),
    );
    return root;
  };

  it("types and checks the data", async () => {
    const client = new CookieClient(app().intoService());
    expect(await client.text("/visit")).toBe("1");
    expect(await client.text("/visit")).toBe("2");
    expect(lines(await client.ask("/look"))).toEqual([]);
  });

  it("makes a session of another shape read as empty", async () => {
    const other = new CookieClient(
      sessionApp(defineSession<Data>(), {
        old: (current) => void (current as Session<never>).set("visits" as never, { no: "number" } as never),
      }).service,
    );
    await other.ask("/old");
    const client = new CookieClient(app().intoService());
    client.cookies.set("session", other.cookies.get("session") as string);
    expect(await client.text("/look")).toBe("undefined");
    expect(await client.text("/visit")).toBe("1");
  });

  it("refuses to keep what would read as empty", async () => {
    const errors: unknown[] = [];
    const logger = { error: ({ err }: ErrorReport) => errors.push(err) };
    expect((await app().intoService({ logger }).request("/wrong")).status).toBe(500);
    expect(errors).toMatchObject([{ message: expect.stringMatching(/does not fit its schema.*visits: /) }]);
  });

  it("must be synchronous", async () => {
    const errors: unknown[] = [];
    const logger = { error: ({ err }: ErrorReport) => errors.push(err) };
    const definition = defineSession({
      schema: z.object({ visits: z.number().refine(async () => true), userId: z.string().optional() }),
    });
    const client = new CookieClient(app(definition as never).intoService({ logger }));
    await client.ask("/visit");
    expect((await client.ask("/look")).status).toBe(500);
    expect(errors).toMatchObject([{ message: expect.stringContaining("synchronous") }]);
  });
});
