import { expect } from "vitest";
import { onEveryRuntime } from "./on-every-runtime.ts";

onEveryRuntime(
  "what is for servers",
  ({ test, get }) => {
    test("static files, with ranges and validators", async () => {
      const page = await get("/static/");
      expect([page.status, page.headers.get("content-type"), await page.text()]).toEqual([
        200,
        "text/html; charset=utf-8",
        "<p>a page</p>\n",
      ]);
      const file = await get("/static/text.txt");
      expect(await file.text()).toBe("the text of a file\n");
      const part = await get("/static/text.txt", { headers: { range: "bytes=4-7" } });
      expect([part.status, part.headers.get("content-range"), await part.text()]).toEqual([
        206,
        "bytes 4-7/19",
        "text",
      ]);
      const known = { "if-none-match": file.headers.get("etag") ?? "" };
      expect((await get("/static/text.txt", { headers: known })).status).toBe(304);
      expect((await get("/static/none.txt")).status).toBe(404);
      expect((await get("/static/..%2f..%2fpackage.json")).status).toBe(404);
      const download = await get("/download");
      expect(download.headers.get("content-disposition")).toContain("filename*=UTF-8''%C3%A4.txt");
      expect(await download.text()).toBe("the text of a file\n");
    });

    test("uploads that are saved", async () => {
      const form = new FormData();
      form.append("file", new Blob([new Uint8Array(300_000)]), "a.bin");
      const saved = await get("/upload", { method: "POST", body: form });
      expect(await saved.json()).toEqual([300_000]);
    });

    test("rules of fastest-validator", async () => {
      const ask = (body: string) =>
        get("/rules", { method: "POST", body, headers: { "content-type": "application/json" } });
      expect(await (await ask('{"name":"Ada"}')).json()).toEqual({ name: "Ada" });
      const refused = await ask('{"name":"A","age":"x"}');
      expect([refused.status, ((await refused.json()) as { issues: unknown[] }).issues.length]).toEqual([
        400, 2,
      ]);
    });

    test("a line of log for each request", async () => {
      await (await get("/logged?a=1")).text();
      const lines = async () => (await (await get("/lines")).json()) as { path: string; status: number }[];
      await expect.poll(lines).toMatchObject([{ path: "/logged", status: 200 }]);
    });

    test("fetch apps and Connect's middleware", async () => {
      expect(await (await get("/mounted/a/b")).text()).toBe("/mounted/a/b");
      const connected = await get("/connect");
      expect([connected.headers.get("x-connect"), await connected.text()]).toEqual(["1", "connected"]);
      expect(await (await get("/express/a?b=1")).text()).toBe("/a?b=1");
    });
  },
  ["node", "bun", "deno"],
);
