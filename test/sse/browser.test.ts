import { _get, html, Resource, Server, type ServerHandle } from "argania";
import { EventChannel, EventStream, lastEventId } from "argania/sse";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { announceSkipped, findChromium } from "../examples/find-program.ts";

const executablePath = findChromium();
if (executablePath === undefined) {
  announceSkipped("the SSE test in a browser is", "there is no Chromium. Install it, or set CHROMIUM_PATH.");
}

const PAGE = `<!doctype html><title>waiting</title><script>
  const seen = (window.seen = []);
  const source = (window.source = new EventSource("/events"));
  source.onopen = () => seen.push("open");
  source.onerror = () => seen.push("error");
  source.addEventListener("news", ({ lastEventId, data }) => seen.push(lastEventId + "=" + data));
</script>`;

describe.skipIf(executablePath === undefined)("EventSource in Chromium", { timeout: 60_000 }, () => {
  const channel = new EventChannel({ history: 10 });
  const ids: (string | undefined)[] = [];
  let browser: Browser;
  let server: ServerHandle;

  const service = () => {
    const root = new Resource("/").setHandlerFor(_get.to(() => html(PAGE)));
    root.subresource("/events").setHandlerFor(
      _get.to([lastEventId], (id) => {
        ids.push(id);
        return new EventStream(channel.subscribe({ lastEventId: id }), { retry: 50 });
      }),
    );
    return root.intoService();
  };

  beforeAll(async () => {
    server = await new Server().serve(service(), "127.0.0.1:0");
    browser = await chromium.launch({ executablePath: executablePath as string, args: ["--no-sandbox"] });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it("is open at once, sees events, and connects again with its last id when the server has drained", async () => {
    const page = await browser.newPage();
    const seen = () => page.evaluate("window.seen") as Promise<string[]>;
    await page.goto(server.url);
    await expect.poll(seen).toEqual(["open"]);
    channel.publish({ event: "news", id: "é1", data: "one\ntwo" });
    await expect.poll(seen).toEqual(["open", "é1=one\ntwo"]);
    const { address } = server;
    await server.close();
    channel.publish({ event: "news", id: "2", data: { missed: true } });
    server = await new Server().serve(service(), `${address.host}:${address.port}`);
    await expect.poll(async () => (await seen()).at(-1), { timeout: 20_000 }).toBe('2={"missed":true}');
    // It may have come once more to the server that drained.
    expect(new Set(ids)).toEqual(new Set([undefined, "é1"]));
    expect((await seen()).filter((entry) => entry.includes("="))).toEqual([
      "é1=one\ntwo",
      '2={"missed":true}',
    ]);
    await page.close();
    await expect.poll(() => channel.size).toBe(0);
  });
});
