import { readdir } from "node:fs/promises";
import type { Service } from "argania";
import { CookieKey } from "argania/cookies";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Accounts } from "../../examples/site/accounts.ts";
import { buildSite } from "../../examples/site/build-site.ts";
import { UploadStore } from "../../examples/site/upload-store.ts";
import { logIn, PASSWORD } from "./example-site.ts";

let site: Service;
let uploads: UploadStore;
let cookie: string;
const accounts = await Accounts.create(["ada"], PASSWORD);

beforeEach(async () => {
  uploads = await UploadStore.open();
  site = buildSite({ port: 8080, log: () => {}, cookieKey: CookieKey.generate(), accounts, uploads });
  cookie = await logIn(site);
});

afterEach(() => uploads.close());

const FILES = "/members/files";
const textFile = (name: string, content: string) => new File([content], name, { type: "text/plain" });

/** As bytes: a FormData whose reader gives up is an unhandled rejection on Node 24 and 26 (nodejs/undici#5835). */
async function upload(...parts: readonly (File | string)[]) {
  const form = new FormData();
  for (const part of parts) {
    form.append("file", part);
  }
  const whole = new Response(form);
  const headers = { cookie, "content-type": whole.headers.get("content-type") as string };
  return site.request(FILES, { method: "POST", headers, body: await whole.arrayBuffer() });
}

const get = (path: string, headers = {}) => site.request(path, { headers: { cookie, ...headers } });

describe("uploaded files", () => {
  it("are listed for programs and for people", async () => {
    const response = await upload(textFile("a.txt", "Hello"), textFile("<b>.txt", "you"));
    expect([response.status, response.headers.get("location")]).toEqual([303, FILES]);
    const list = await (await get(FILES)).json();
    expect(list).toEqual([
      { id: 1, name: "a.txt", type: "text/plain", bytes: 5, owner: "ada", url: `${FILES}/1` },
      { id: 2, name: "<b>.txt", type: "text/plain", bytes: 3, owner: "ada", url: `${FILES}/2` },
    ]);
    const page = await (await get(FILES, { accept: "text/html" })).text();
    expect(page).toContain(`<a href="${FILES}/1">a.txt</a>, 5 bytes, from ada`);
    expect(page).not.toContain("<b>");
  });

  it("are downloaded under their names, in parts as well", async () => {
    await upload(textFile("../../Käse.txt", "Hello"));
    const whole = await get(`${FILES}/1`);
    expect(await whole.text()).toBe("Hello");
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      "content-type": "text/plain",
      "content-disposition": expect.stringMatching(/^attachment; .*filename\*=UTF-8''K%C3%A4se.txt$/),
      "x-content-type-options": "nosniff",
      "cache-control": "private",
    });
    const part = await get(`${FILES}/1`, { range: "bytes=1-2" });
    expect([part.status, await part.text()]).toEqual([206, "el"]);
    const again = await get(`${FILES}/1`, { "if-none-match": whole.headers.get("etag") as string });
    expect(again.status).toBe(304);
  });

  it("have names on the disk that were made here", async () => {
    await upload(textFile("a.txt", "Hello"));
    expect(uploads.get(1)?.path).toMatch(/\/argania-site-\w+\/[\da-f-]{36}$/);
  });

  it("are not there before they are", async () => {
    const response = await get(`${FILES}/1`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: "UPLOAD_NOT_FOUND" });
  });

  it("are a hundred at most: the oldest go", async () => {
    for (let round = 0; round < 21; round++) {
      await upload(...[1, 2, 3, 4, 5].map((n) => textFile(`${round}-${n}.txt`, "x")));
    }
    const ids = uploads.list().map(({ id }) => id);
    expect([ids.length, ids[0], ids.at(-1)]).toEqual([100, 6, 105]);
    expect(await namesOnDisk()).toHaveLength(100);
  });
});

describe("a form that is no good", () => {
  it("is one with text where files belong", async () => {
    expect((await upload("text")).status).toBe(413);
    expect(uploads.list()).toEqual([]);
  });

  it.each([
    ["another type", [new File(["<script>"], "a.html", { type: "text/html" })], 415],
    ["too many bytes", [textFile("a.txt", "x".repeat(6 * 2 ** 20))], 413],
    ["too many files", [1, 2, 3, 4, 5, 6].map((n) => textFile(`${n}.txt`, "x")), 413],
    [
      "one good file, then a bad one",
      [textFile("a.txt", "x"), new File(["x"], "a.sh", { type: "x/sh" })],
      415,
    ],
    ["no file", [], 400],
  ])("leaves nothing behind: %s", async (_, files, status) => {
    expect((await upload(...files)).status).toBe(status);
    expect(uploads.list()).toEqual([]);
    expect(await namesOnDisk()).toEqual([]);
  });

  it("is not read without a login", async () => {
    cookie = "";
    expect((await upload(textFile("a.txt", "x"))).status).toBe(401);
    expect(await namesOnDisk()).toEqual([]);
  });
});

/** What is in the store's folder. */
async function namesOnDisk(): Promise<readonly string[]> {
  return readdir(uploads.folder);
}
