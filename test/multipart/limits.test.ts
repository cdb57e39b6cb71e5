import { _post, bodyLimit, json, Resource } from "argania";
import { type MultipartOptions, multipartBody } from "argania/multipart";
import { describe, expect, test } from "vitest";
import { CONTENT_TYPE, cutAt, formOf, type WrittenPart } from "./form-of.ts";
import { formService, partsOf, QUIET, readForm, send } from "./read-form.ts";

const field = { name: "a", body: "12345" };
const file = { name: "f", fileName: "f", body: "12345" };

const refused = (status: number, problem: string, more: object = {}) => ({
  status,
  body: { code: "ARGANIA_MULTIPART_FORM", problem, ...more },
});

describe("a limit", () => {
  test.each<[string, MultipartOptions, readonly WrittenPart[], object]>([
    ["partLimit", { partLimit: 4 }, [field], refused(413, "part-limit", { limit: 4 })],
    ["partLimit, of a file", { partLimit: 4 }, [file], refused(413, "part-limit", { limit: 4 })],
    ["fieldLimit", { fieldLimit: 4 }, [file, field], refused(413, "part-limit", { limit: 4 })],
    ["partCount", { partCount: 2 }, [field, file, field], refused(413, "part-count", { limit: 2 })],
    ["fileCount", { fileCount: 1 }, [field, file, file], refused(413, "part-count", { limit: 1 })],
    ["fieldCount", { fieldCount: 1 }, [field, file, field], refused(413, "part-count", { limit: 1 })],
    [
      "headerCount",
      { headerCount: 2 },
      [{ ...file, type: "a/b", headers: ["x: y"] }],
      refused(413, "header-limit", { limit: 2 }),
    ],
    [
      "headerBytes",
      { headerBytes: 100 },
      [{ ...file, headers: [`x: ${"y".repeat(60)}`] }],
      refused(413, "header-limit", { limit: 100 }),
    ],
    [
      "limit of a part",
      { parts: { a: { limit: 4 } } },
      [field],
      refused(413, "part-limit", { part: "a", limit: 4 }),
    ],
    [
      "count of a part",
      { parts: { a: { count: 1 }, f: {} } },
      [field, file, file, field],
      refused(413, "part-count", { part: "a", limit: 1 }),
    ],
    ["parts, as names", { parts: ["f"] }, [file, field], refused(400, "unknown-part")],
    ["parts", { parts: { f: {} } }, [field], refused(400, "unknown-part")],
    [
      "types",
      { parts: { f: { types: ["Image/PNG", "text/*"] } } },
      [{ ...file, type: "image/jpeg" }],
      refused(415, "part-type", { part: "f" }),
    ],
    ["types, without a type", { parts: { f: { types: ["image/png"] } } }, [file], refused(415, "part-type")],
    ...["", "..", "a/"].map((fileName): [string, MultipartOptions, readonly WrittenPart[], object] => [
      `types, of a file with the name "${fileName}"`,
      { parts: { a: {}, f: { types: ["image/png"] } } },
      [{ ...file, fileName, type: "text/html", body: "<script>" }, field],
      refused(415, "part-type", { part: "f" }),
    ]),
    [
      "required",
      { parts: { a: { required: true }, f: { required: true } } },
      [field],
      refused(400, "missing-part", { part: "f" }),
    ],
  ])("%s", async (_title, options, parts, expected) => {
    const form = formOf(...parts);
    const whole = await readForm(form, options);
    expect(whole).toMatchObject(expected);
    // The same however it comes, also where nobody reads the parts.
    expect(
      await readForm(
        Array.from(form, (byte) => Uint8Array.of(byte)),
        options,
      ),
    ).toEqual(whole);
    const { service, reports } = formService(async (parsed) => {
      for await (const part of parsed) {
        expect(part.name).not.toBe("");
      }
      return json("all skipped");
    }, options);
    expect(await send(service, form)).toEqual(whole);
    expect(reports).toEqual([]);
  });

  test("is not in the way of what is just within", async () => {
    const options = {
      partLimit: 5,
      partCount: 2,
      fileCount: 1,
      fieldCount: 1,
      headerCount: 2,
      parts: { a: { limit: 5, count: 1, required: true }, f: { types: ["IMAGE/*"], required: true } },
    };
    const form = formOf(field, { ...file, type: "image/png" });
    expect(await readForm(form, { ...options, bodyLimit: form.length })).toMatchObject({ status: 200 });
    expect(await readForm([form], { ...options, bodyLimit: form.length - 1 })).toMatchObject({ status: 413 });
    const head = form.toString().split("\r\n\r\n")[0]?.split("\r\n").slice(1).join("\r\n") ?? "";
    const headerBytes = "\r\n".length + head.length + "\r\n\r\n".length;
    expect(await readForm(formOf(field), { headerBytes })).toMatchObject({ status: 200 });
    expect(await readForm(formOf(field), { headerBytes: headerBytes - 1 })).toMatchObject({ status: 413 });
    const other = { parts: { a: { limit: 5 } }, otherParts: true, fieldLimit: 1 };
    expect(await readForm(form, other)).toMatchObject({ status: 200 });
  });

  test("names no part that the client has named", async () => {
    const { body } = await readForm(formOf({ name: "<script>", body: "12345" }), { partLimit: 1 });
    expect(JSON.stringify(body)).not.toContain("script");
    const unknown = await readForm(formOf({ name: "<script>" }), { parts: ["a"] });
    expect(JSON.stringify(unknown)).not.toContain("script");
  });
});

describe("parts before a limit", () => {
  test.each<[string, MultipartOptions]>([
    ["of the body", { bodyLimit: formOf(field, field).length }],
    ["of parts", { partCount: 2 }],
    ["of files", { fileCount: 0 }],
  ])("%s are handed over, whatever the chunks", async (_title, options) => {
    const form = formOf(field, field, file);
    for (const chunks of [[form], cutAt(form, 300), Array.from(form, (byte) => Uint8Array.of(byte))]) {
      const texts: string[] = [];
      const { service } = formService(async (parts) => {
        for await (const part of parts) {
          texts.push(await part.text());
        }
        return "done";
      }, options);
      expect(await send(service, chunks)).toMatchObject({ status: 413 });
      expect(texts).toEqual(["12345", "12345"]);
    }
  });

  test("that is caught do not hide it", async () => {
    const { service } = formService(
      async (parts) => {
        for await (const part of parts) {
          await part.text().catch(() => "caught");
        }
        return json("done");
      },
      { partLimit: 4 },
    );
    expect(await send(service, formOf(field, field))).toMatchObject({ status: 413 });
  });
});

describe("the limit of the whole body", () => {
  const read = (options?: MultipartOptions) => {
    const extractor = options === undefined ? multipartBody : multipartBody(options);
    const root = new Resource("/");
    root.setHandlerFor(_post.to([extractor], async (form) => json(await partsOf(form))));
    return root;
  };
  const large = (bytes: number) =>
    formOf({ fileName: "f", body: Buffer.alloc(bytes - formOf({ fileName: "f" }).length) });

  test("is 8 MiB by default", async () => {
    const service = read().intoService(QUIET);
    expect((await send(service, [large(8 * 2 ** 20)])).status).toBe(200);
    expect(await send(service, [large(8 * 2 ** 20 + 1)])).toMatchObject({
      status: 413,
      body: { code: "ARGANIA_BODY_LIMIT", limit: 8 * 2 ** 20 },
    });
  });

  test("is inherited, unless the extractor has one", async () => {
    const limited = read().setProperty(bodyLimit.to(1_000)).intoService(QUIET);
    expect((await send(limited, [large(1_000)])).status).toBe(200);
    expect(await send(limited, [large(1_001)])).toMatchObject({ status: 413, body: { limit: 1_000 } });
    const own = read({ bodyLimit: 2_000 }).setProperty(bodyLimit.to(1_000)).intoService(QUIET);
    expect((await send(own, [large(2_000)])).status).toBe(200);
    expect((await send(own, [large(2_001)])).status).toBe(413);
  });

  test("refuses a body that says that it is longer without reading it", async () => {
    let isAsked = false;
    const body = new ReadableStream<Uint8Array>(
      {
        pull: () => {
          isAsked = true;
        },
      },
      { highWaterMark: 0 },
    );
    const response = await read({ bodyLimit: 10 })
      .intoService(QUIET)
      .request("/", {
        method: "POST",
        headers: { "content-type": CONTENT_TYPE, "content-length": "11" },
        body,
      });
    expect([response.status, isAsked]).toEqual([413, false]);
  });
});
