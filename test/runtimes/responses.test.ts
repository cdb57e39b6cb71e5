import { expect } from "vitest";
import { onEveryRuntime } from "./on-every-runtime.ts";

onEveryRuntime("responses", ({ test, get, url }) => {
  const seen = async () => (await get("/seen")).json() as Promise<{ aborted: number; released: number }>;

  test("statuses, headers, redirects and errors", async () => {
    const status = await get("/responses/status");
    expect([status.status, status.headers.get("x-a"), await status.text()]).toEqual([418, "1", "teapot"]);
    const none = await get("/responses/none");
    expect([none.status, await none.text()]).toEqual([204, ""]);
    const other = await get("/responses/redirect");
    expect([other.status, other.headers.get("location")]).toEqual([303, "/"]);
    await other.text();
    const refused = await get("/responses/refuses");
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining("taken")]);
    const failed = await get("/responses/fails");
    expect([failed.status, await failed.text()]).toEqual([500, expect.not.stringContaining("secret")]);
  });

  test("streams: text, rows, and one that breaks off", async () => {
    const pieces = await get("/responses/pieces");
    expect([pieces.status, await pieces.text()]).toEqual([200, "one two three"]);
    const rows = (await (await get("/responses/rows")).json()) as unknown[];
    expect([rows.length, rows[4_999]]).toEqual([5_000, { id: 4_999 }]);
    const broken = await get("/responses/breaks");
    await expect(broken.text()).rejects.toThrow();
  });

  test("events, from where a client has come to", async () => {
    const all = await get("/responses/events");
    expect(all.headers.get("content-type")).toBe("text/event-stream");
    const text = await all.text();
    expect(text.match(/^id: ?\d/gm)).toHaveLength(3);
    const rest = await (await get("/responses/events", { headers: { "last-event-id": "2" } })).text();
    expect(rest.match(/^data: ?(.*)$/gm)).toEqual([expect.stringContaining('{"id":3}')]);
  });

  test("events that nobody hears any more are released, and the request's signal tells", async () => {
    const before = await seen();
    const controller = new AbortController();
    const endless = await fetch(`${url()}/responses/endless`, { signal: controller.signal });
    const reader = endless.body?.getReader();
    await reader?.read();
    controller.abort();
    await expect.poll(async () => (await seen()).released, { timeout: 10_000 }).toBe(before.released + 1);
    await expect.poll(async () => (await seen()).aborted, { timeout: 10_000 }).toBe(before.aborted + 1);
  });

  test("cookies: plain, signed and private", async () => {
    const first = await get("/responses/cookies");
    const sent = first.headers.getSetCookie();
    expect(await first.json()).toEqual([null, null, null]);
    expect(sent).toHaveLength(3);
    expect(sent[1]).toContain("HttpOnly");
    const cookie = sent.map((line) => line.split(";")[0]).join("; ");
    const second = await get("/responses/cookies", { headers: { cookie } });
    expect(await second.json()).toEqual(["a b", "s", "p"]);
    const forged = cookie.replace(/signed=./, "signed=!");
    expect(await (await get("/responses/cookies", { headers: { cookie: forged } })).json()).toEqual([
      "a b",
      null,
      "p",
    ]);
  });
});
