import { gunzipSync } from "node:zlib";
import { SignJWT } from "jose";
import { expect } from "vitest";
import { onEveryRuntime } from "./on-every-runtime.ts";

const SECRET = new TextEncoder().encode("0123456789abcdef0123456789abcdef");

onEveryRuntime("layers", ({ test, get, url }) => {
  test("compression", async () => {
    const plain = await get("/layers/compressed", { headers: { "accept-encoding": "identity" } });
    expect([plain.headers.get("content-encoding"), plain.headers.get("vary")]).toEqual([
      null,
      "accept-encoding",
    ]);
    expect((await plain.text()).length).toBe(6_000);
    for (const coding of ["gzip", "br"]) {
      const response = await get("/layers/compressed", { headers: { "accept-encoding": coding } });
      expect(response.headers.get("content-encoding")).toBe(coding);
      expect((await response.text()).length).toBe(6_000);
    }
    expect(gunzipSync(await rawBytes(`${url()}/layers/compressed`)).length).toBe(6_000);
  });

  test("conditional requests", async () => {
    const first = await get("/layers/conditional");
    const etag = first.headers.get("etag") ?? "";
    expect([etag.length > 5, await first.text()]).toEqual([true, "the same"]);
    const again = await get("/layers/conditional", { headers: { "if-none-match": etag } });
    expect([again.status, again.headers.get("etag"), await again.text()]).toEqual([304, etag, ""]);
  });

  test("CORS and security headers", async () => {
    const headers = { origin: "https://app.example", "access-control-request-method": "GET" };
    const preflight = await get("/layers/cors", { method: "OPTIONS", headers });
    expect([preflight.status, preflight.headers.get("access-control-allow-origin")]).toEqual([
      204,
      "https://app.example",
    ]);
    const other = await get("/layers/cors", { headers: { origin: "https://evil.example" } });
    expect(other.headers.get("access-control-allow-origin")).toBeNull();
    expect((await get("/layers/secured")).headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("request ids and sessions", async () => {
    const response = await get("/layers/id");
    const id = await response.text();
    expect([id.length > 10, response.headers.get("x-request-id")]).toEqual([true, id]);
    const first = await get("/layers/session", { method: "POST" });
    const [cookie = ""] = first.headers.getSetCookie();
    expect([await first.text(), cookie.includes("HttpOnly")]).toEqual(["1", true]);
    const second = await get("/layers/session", {
      method: "POST",
      headers: { cookie: cookie.split(";")[0] ?? "" },
    });
    expect(await second.text()).toBe("2");
  });

  test("bearer tokens and JWT", async () => {
    const authorized = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
    expect(await (await get("/layers/bearer", authorized("good"))).text()).toBe("ada");
    expect((await get("/layers/bearer", authorized("bad"))).status).toBe(401);
    const token = await new SignJWT({ sub: "ada" })
      .setProtectedHeader({ alg: "HS256" })
      .setExpirationTime("1h")
      .sign(SECRET);
    expect(await (await get("/layers/jwt", authorized(token))).text()).toBe("ada");
    expect((await get("/layers/jwt", authorized(`${token}x`))).status).toBe(401);
    expect((await get("/layers/jwt")).headers.get("www-authenticate")).toContain("Bearer");
  });

  test("a deadline aborts the request's signal, and answers", async () => {
    const response = await get("/layers/slow");
    expect([response.status, await response.text()]).toEqual([503, expect.any(String)]);
  });
});

/** `fetch` decompresses by itself. */
async function rawBytes(url: string): Promise<Buffer> {
  const { get } = await import("node:http");
  return new Promise((resolve, reject) => {
    get(url, { headers: { "accept-encoding": "gzip" } }, async (response) => {
      resolve(Buffer.concat(await response.toArray()));
    }).on("error", reject);
  });
}
