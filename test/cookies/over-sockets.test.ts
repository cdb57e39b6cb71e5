import { get } from "node:http";
import { connect } from "node:http2";
import { Server } from "argania";
import { describe, expect, it } from "vitest";
import { RawClient } from "../server/raw-client.ts";
import { serve } from "../server/serve.ts";
import { loginApp, MANY } from "./login-app.ts";
import { cookieHeader } from "./with-jar.ts";

const PATHS = [
  ["/many", 200],
  ["/many/error", 401],
] as const;

describe.each(PATHS)("several cookies of %s arrive one by one", (path, status) => {
  it.each(["GET", "HEAD"])("over HTTP/1.1: %s", async (method) => {
    const { port } = await serve(loginApp());
    const headers = await new Promise<readonly string[]>((resolve, reject) => {
      get({ port, path, method, agent: false }, (response) => {
        expect(response.statusCode).toBe(status);
        response.resume().on("end", () => resolve(response.rawHeaders));
      }).on("error", reject);
    });
    const lines = headers.filter((_, index) => headers[index - 1]?.toLowerCase() === "set-cookie");
    expect(lines).toEqual(MANY);
  });

  it.each(["GET", "HEAD"])("over HTTP/2: %s", async (method) => {
    const { port } = await serve(loginApp(), new Server().withHttp2());
    const session = connect(`http://127.0.0.1:${port}`);
    const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
      const stream = session.request({ ":path": path, ":method": method });
      stream.on("response", resolve).on("error", reject).resume();
    });
    session.destroy();
    expect(headers[":status"]).toBe(status);
    expect(headers["set-cookie"]).toEqual(MANY);
  });

  it.each(["GET", "HEAD"])("through fetch: %s", async (method) => {
    const { port } = await serve(loginApp());
    const ours = await loginApp().fetch(new Request(`http://example.com${path}`, { method }));
    const theirs = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    expect([ours.status, ours.headers.getSetCookie()]).toEqual([status, MANY]);
    expect([theirs.status, theirs.headers.getSetCookie()]).toEqual([status, MANY]);
  });
});

describe("cookies arrive", () => {
  const echoed = { a: "1", b: "2", c: "3" };

  it("in one header, or in several, over HTTP/1.1", async () => {
    const { port } = await serve(loginApp());
    for (const lines of ["Cookie: a=1; b=2; c=3", "Cookie: a=1\r\nX: y\r\nCOOKIE: b=2;c=3"]) {
      const client = await RawClient.connect(port);
      client.send(`GET /echo HTTP/1.1\r\nHost: a\r\n${lines}\r\nConnection: close\r\n\r\n`);
      expect(await client.all()).toContain(JSON.stringify(echoed));
    }
  });

  it("in crumbs, over HTTP/2 (RFC 9113 §8.2.3)", async () => {
    const { port } = await serve(loginApp(), new Server().withHttp2());
    const session = connect(`http://127.0.0.1:${port}`);
    const stream = session.request({ ":path": "/echo", cookie: ["a=1", "b=2; c=3"] });
    let body = "";
    for await (const chunk of stream) {
      body += String(chunk);
    }
    session.destroy();
    expect(JSON.parse(body)).toEqual(echoed);
  });

  it("through fetch", async () => {
    const headers = { cookie: "a=1; b=2; c=3" };
    const response = await loginApp().fetch(new Request("https://example.com/echo", { headers }));
    expect(await response.json()).toEqual(echoed);
  });
});

it("a session lives from login to logout", async () => {
  const { port } = await serve(loginApp());
  let cookie = "";
  const ask = async (path: string, method = "GET") => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { cookie },
      redirect: "manual",
    });
    const lines = response.headers.getSetCookie();
    if (lines.length > 0) {
      cookie = lines.some((line) => line.includes("Max-Age=0")) ? "" : cookieHeader(lines);
    }
    return `${response.status} ${await response.text()}`;
  };
  expect(await ask("/")).toBe("200 Hello, nobody");
  expect(await ask("/login", "POST")).toBe("303 ");
  expect(cookie).toMatch(/^sid=[\w-]{40,}$/);
  expect(await ask("/")).toBe("200 Hello, Ada");
  expect(await ask("/logout", "POST")).toBe("303 ");
  expect(await ask("/")).toBe("200 Hello, nobody");
});
