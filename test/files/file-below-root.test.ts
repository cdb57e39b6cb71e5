import { mkdirSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { _get, Resource, respond } from "argania";
import { FileNotFoundError, FileStream, type FileStreamOptions, StaticFilesError } from "argania/static";
import { expect, it } from "vitest";
import { tempFiles, writeOld } from "./temp-files.ts";

/** The directory is `public`, beside which there is a secret. */
function makeRoot(): string {
  const outside = tempFiles({ "secret.txt": "secret", "public-too/x.txt": "x", "public/a.txt": "a" });
  const root = join(outside, "public");
  writeOld(join(root, "sub/b c.txt"), "b");
  writeOld(join(root, ".env"), "hidden");
  writeOld(join(root, "%2e%2e"), "dots");
  symlinkSync(join(outside, "secret.txt"), join(root, "to-secret.txt"));
  symlinkSync(outside, join(root, "up"));
  symlinkSync("a.txt", join(root, "to-a.txt"));
  symlinkSync("sub", join(root, "to-sub"));
  return root;
}

async function read(name: string, root: string | URL, options: FileStreamOptions = {}): Promise<string> {
  const service = new Resource("/")
    .setHandlerFor(_get.to(async () => respond(await FileStream.open(name, { ...options, root }))))
    .intoService();
  const response = await service.request("/");
  return response.status === 200 ? response.text() : String(response.status);
}

it("opens files below the root", async () => {
  const root = makeRoot();
  for (const [name, content] of Object.entries({
    "a.txt": "a",
    "sub/b c.txt": "b",
    "to-a.txt": "a",
    "to-sub/b c.txt": "b",
    "%2e%2e": "dots",
  })) {
    expect([name, await read(name, root), await read(name, pathToFileURL(root))]).toEqual([
      name,
      content,
      content,
    ]);
  }
  const file = await FileStream.open("sub/b c.txt", { root, attachment: true });
  const { headers } = file.intoResponse();
  expect(headers.get("content-disposition")).toContain('"b c.txt"');
});

it.each([
  "../secret.txt",
  "sub/../../secret.txt",
  "sub/../a.txt",
  "./a.txt",
  "../public-too/x.txt",
  "..\\secret.txt",
  "..",
  ".",
  "",
  "/",
  "/etc/passwd",
  "//etc/passwd",
  "C:\\secret.txt",
  "file:///etc/passwd",
  "a.txt\0",
  "a.txt\0.png",
  "..\0/secret.txt",
  "%2e%2e/secret.txt",
  "..%2Fsecret.txt",
  "%00",
  ".env",
  "sub",
  "sub/",
  "a.txt/",
  "a.txt/../../secret.txt",
  "a.txt.",
  "a.txt ",
  "to-secret.txt",
  "up/secret.txt",
  "up/public/../secret.txt",
  "x".repeat(100_000),
  "none",
])("has nothing at %j", async (name) => {
  const root = makeRoot();
  if (name.length > 0) {
    expect(await read(name, root)).toBe("404");
  }
  await expect(FileStream.open(name, { root })).rejects.toThrow(FileNotFoundError);
});

it("follows no links when it is told so, in no part of the name", async () => {
  const root = makeRoot();
  for (const name of ["to-a.txt", "to-sub/b c.txt", "to-secret.txt"]) {
    expect(await read(name, root, { followSymlinks: false })).toBe("404");
  }
  expect(await read("a.txt", root, { followSymlinks: false })).toBe("a");
});

it("finds the directory that is there now", async () => {
  const root = makeRoot();
  expect(await read("a.txt", root)).toBe("a");
  renameSync(root, `${root}-old`);
  mkdirSync(root);
  expect(await read("a.txt", root)).toBe("404");
  writeOld(join(root, "a.txt"), "new");
  expect(await read("a.txt", root)).toBe("new");
});

it("refuses roots and files that are none", async () => {
  const root = makeRoot();
  await expect(FileStream.open("a.txt", { root: join(root, "none") })).rejects.toThrow(StaticFilesError);
  await expect(FileStream.open("a.txt", { root: join(root, "a.txt") })).rejects.toThrow("no directory");
  for (const wrong of ["", 7, null, undefined]) {
    await expect(FileStream.open("a.txt", { root: wrong as never })).rejects.toThrow('option "root"');
  }
  const url = pathToFileURL(join(root, "a.txt"));
  await expect(FileStream.open(url, { root })).rejects.toThrow("a path below that directory, not a URL");
});
