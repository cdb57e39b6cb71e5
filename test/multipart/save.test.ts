import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { json } from "argania";
import type { FormPart, MultipartOptions, SaveOptions } from "argania/multipart";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BOUNDARY, cutAt, formOf } from "./form-of.ts";
import { formService, send } from "./read-form.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "argania-save-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const CONTENT = Buffer.alloc(300_000, "0123456789");
const FORM = formOf({ name: "f", fileName: "../../evil", body: CONTENT }, { name: "after", body: "x" });

/** Saves the first part, and tells how that went and what came after it. */
async function save(
  path: string | URL,
  options?: SaveOptions,
  body: Uint8Array | readonly Uint8Array[] = FORM,
  limits?: MultipartOptions,
): Promise<unknown> {
  const { service } = formService(async (form) => {
    const seen: unknown[] = [];
    for await (const part of form) {
      const saving = part.name === "f" ? part.saveTo(path, options) : part.text();
      seen.push(await saving.catch((error: NodeJS.ErrnoException) => error.code));
    }
    return json(seen);
  }, limits);
  return (await send(service, body)).body;
}

test("a part is written to a file", async () => {
  const path = join(folder, "file");
  expect(await save(path)).toEqual([300_000, "x"]);
  expect(readFileSync(path).equals(CONTENT)).toBe(true);
  const url = pathToFileURL(join(folder, "url"));
  expect(await save(url, {}, cutAt(FORM, 7, 5_000, 200_000))).toEqual([300_000, "x"]);
  expect(readFileSync(url).equals(CONTENT)).toBe(true);
  expect(readdirSync(folder)).toEqual(["file", "url"]);
});

test("an empty part is an empty file", async () => {
  expect(await save(join(folder, "empty"), {}, formOf({ name: "f", fileName: "f" }))).toEqual([0]);
  expect(readFileSync(join(folder, "empty"))).toHaveLength(0);
});

test("a file that is there already is kept, and the loop goes on", async () => {
  const path = join(folder, "file");
  writeFileSync(path, "old");
  expect(await save(path)).toEqual(["EEXIST", "x"]);
  expect(readFileSync(path, "utf8")).toBe("old");
});

test("a file is replaced when that is wanted, once all has come", async () => {
  const path = join(folder, "file");
  writeFileSync(path, "old");
  expect(await save(path, { overwrite: true })).toEqual([300_000, "x"]);
  expect(readFileSync(path).equals(CONTENT)).toBe(true);
  expect(await save(path, { overwrite: true }, FORM.subarray(0, 100_000))).toMatchObject({
    problem: "incomplete",
  });
  expect(readFileSync(path).equals(CONTENT)).toBe(true);
  expect(readdirSync(folder)).toEqual(["file"]);
});

test("a folder that is not there is not made", async () => {
  expect(await save(join(folder, "none", "file"))).toEqual(["ENOENT", "x"]);
});

test.each<[string, Uint8Array | readonly Uint8Array[], MultipartOptions?]>([
  ["was cut off", FORM.subarray(0, 100_000)],
  ["is too large", FORM, { partLimit: 250_000 }],
  ["is in a body that is too large", cutAt(FORM, 100_000), { bodyLimit: 250_000 }],
])("nothing is left of a part that %s", async (_title, body, limits) => {
  expect(await save(join(folder, "file"), {}, body, limits)).toMatchObject({ status: expect.any(Number) });
  expect(readdirSync(folder)).toEqual([]);
});

test("nothing is left of a part whose loop was left", async () => {
  const path = join(folder, "file");
  let saving: Promise<unknown> | undefined;
  const { service } = formService(async (form) => {
    for await (const part of form) {
      saving = part.saveTo(path).catch((error: { code: string }) => error.code);
      while (!existsSync(path)) {
        await new Promise(setImmediate);
      }
      break;
    }
    return json(await saving);
  });
  const stuck = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(FORM.subarray(0, 1_000)),
  });
  const response = await service.request("/", {
    method: "POST",
    headers: { "content-type": `multipart/form-data; boundary=${BOUNDARY}` },
    body: stuck,
  });
  expect(await response.json()).toBe("ARGANIA_BODY_ALREADY_READ");
  expect(readdirSync(folder)).toEqual([]);
});

test.each<[unknown, string]>([
  ["", "an empty one"],
  [undefined, "undefined"],
  [1, "a number"],
])("%o is no path", async (path, message) => {
  let error: unknown;
  const { service } = formService(async (form) => {
    for await (const part of form as AsyncIterable<FormPart>) {
      error = await part.saveTo(path as string).catch((reason: unknown) => reason);
    }
    return json("done");
  });
  expect(await send(service, FORM)).toMatchObject({ status: 200 });
  expect(String(error)).toBe(`TypeError: saveTo takes a path, or a file: URL, not ${message}.`);
});
