import { json } from "argania";
import type { FormPart } from "argania/multipart";
import { describe, expect, test } from "vitest";
import { CONTENT_TYPE, formOf, type WrittenPart } from "./form-of.ts";
import { formService, readForm, send } from "./read-form.ts";

/** What `look` sees in the only part of a form. */
async function look(
  part: WrittenPart,
  see: (part: FormPart) => unknown,
): Promise<{ status: number; body: unknown }> {
  const { service } = formService(async (form) => {
    for await (const one of form) {
      return json({ seen: await see(one) });
    }
    return json({ seen: "no part" });
  });
  return send(service, formOf(part));
}

const seen = (value: unknown) => ({ status: 200, body: { seen: value } });
const latin1 = (text: string) => Buffer.from(text, "latin1");

describe("a part", () => {
  test("has a name, a file name, a type and headers", async () => {
    const part = {
      name: "photo",
      fileName: "me.png",
      type: "Image/PNG; q=1",
      headers: ["X-Custom: a\u00e9", "x-custom: b"],
    };
    const see = ({ name, fileName, contentType, headers }: FormPart) => [
      name,
      fileName,
      contentType,
      headers.get("content-type"),
      Buffer.from(headers.get("X-Custom") ?? "", "latin1").toString(),
      headers.has("x-none"),
    ];
    expect(await look(part, see)).toEqual(
      seen(["photo", "me.png", "image/png", "Image/PNG; q=1", "a\u00e9, b", false]),
    );
  });

  test("without a type is plain text, and no file without a file name", async () => {
    const see = (part: FormPart) => [part.contentType, part.fileName === undefined];
    expect(await look({ name: "a" }, see)).toEqual(seen(["text/plain", true]));
  });

  test("is read as bytes, text, JSON or a stream", async () => {
    const part = { body: '{"a":"\u00e9"}' };
    expect(await look(part, async (one) => [...(await one.bytes())])).toEqual(
      seen([...Buffer.from(part.body)]),
    );
    expect(await look(part, (one) => one.text())).toEqual(seen(part.body));
    expect(await look(part, (one) => one.json())).toEqual(seen({ a: "\u00e9" }));
    expect(await look(part, (one) => new Response(one.stream()).text())).toEqual(seen(part.body));
  });

  test("gives plain bytes, not what only Node has", async () => {
    const see = async (part: FormPart) => (await part.bytes()).constructor.name;
    expect(await look({ body: "abc" }, see)).toEqual(seen("Uint8Array"));
  });

  test("is text in the charset that it names", async () => {
    const inLatin1 = { type: "text/plain; charset=ISO-8859-1", body: latin1("Gr\u00fc\u00dfe") };
    expect(await look(inLatin1, (part) => part.text())).toEqual(seen("Gr\u00fc\u00dfe"));
    const marked = { type: 'text/plain; charset="utf-8"', body: "\uFEFFtext" };
    expect(await look(marked, (part) => part.text())).toEqual(seen("text"));
  });

  test.each([
    ["malformed UTF-8", { body: latin1("\xe9") }, 400, "ARGANIA_MULTIPART_FORM"],
    ["an unknown charset", { type: "text/plain; charset=klingon", body: "a" }, 415, "ARGANIA_MULTIPART_FORM"],
    [
      "malformed Shift JIS",
      { type: "text/plain; charset=shift_jis", body: latin1("\x81") },
      400,
      "ARGANIA_MULTIPART_FORM",
    ],
  ])("with %s is no text", async (_title, part, status, code) => {
    expect(await look(part, (one) => one.text())).toMatchObject({ status, body: { code } });
  });

  test("with malformed JSON is a 400 as a JSON body is", async () => {
    const answer = await look({ body: '{"a":' }, (one) => one.json());
    expect(answer).toMatchObject({ status: 400, body: { code: "ARGANIA_JSON", line: 1, column: 6 } });
  });
});

describe("the name of a part", () => {
  test.each([
    ["plain", "a b", "a b"],
    ["empty", "", ""],
    ["percent-encoded as by browsers", "a%22b%0D%0Ac", 'a"b\r\nc'],
    ["with other percent signs, which browsers do not encode", "100%25 %20", "100%25 %20"],
    ["with escaped quotes as by curl --form-escape", 'a\\"b\\\\c%22', 'a"b\\c%22'],
    ["with backslashes as browsers send them", "a\\b\\\\c", "a\\b\\\\c"],
    ["that ends with a backslash", "a\\", "a\\"],
    ["in UTF-8", "\u00e9\u65e5\u672c", "\u00e9\u65e5\u672c"],
    ["of an object's own", "__proto__", "__proto__"],
  ])("%s", async (_title, name, expected) => {
    expect(await look({ name, body: "x" }, (part) => part.name)).toEqual(seen(expected));
  });

  test.each([
    ["without quotes", "Content-Disposition: form-data; name=a; filename=b.txt", ["a", "b.txt"]],
    [
      "with spaces and a last semicolon",
      'content-disposition:form-data ; NAME="a" ; FileName="b" ;',
      ["a", "b"],
    ],
    ["folded over two lines", 'Content-Disposition: form-data;\r\n name="a";\r\n\tfilename="b"', ["a", "b"]],
  ])("%s", async (_title, line, expected) => {
    const form = formOf({ headers: ["X: y"] })
      .toString("latin1")
      .replace('Content-Disposition: form-data; name="a"', line);
    const { service } = formService(async (parts) => {
      for await (const { name, fileName } of parts) {
        return json([name, fileName]);
      }
      return "none";
    });
    expect(await send(service, Buffer.from(form, "latin1"))).toMatchObject({ status: 200, body: expected });
  });
});

describe("the name of a file", () => {
  test.each([
    ["plain", "a b.txt", "a b.txt"],
    ["with a path", "../../etc/passwd", "passwd"],
    ["with a path of Windows", "C:\\fakepath\\me.png", "me.png"],
    ["with both", "a\\..\\b/c.txt", "c.txt"],
    ["of dots", "a/..", ""],
    ["with control characters", "a\0b%0D%0Ac\x7f.txt", "abc.txt"],
    ["that turns the direction of text", "gpj.\u202Eexe", "gpj.exe"],
    ["in UTF-8", "gr\u00fc\u00df.txt", "gr\u00fc\u00df.txt"],
    ["with quotes", "a%22.txt", 'a".txt'],
  ])("%s", async (_title, fileName, expected) => {
    const part = { fileName, body: "x" };
    // A NUL in a header is not even looked at.
    const answer = await look(part, ({ fileName: name }) => name);
    expect(answer).toEqual(
      fileName.includes("\0") || fileName.includes("\x7f")
        ? expect.objectContaining({ status: 400 })
        : seen(expected),
    );
  });

  test("in latin1 is no reason to refuse the form", async () => {
    const form = Buffer.from(
      formOf({ fileName: "X", body: "x" }).toString("latin1").replace("X", "\xe9"),
      "latin1",
    );
    expect(await readForm(form)).toMatchObject({ status: 200, body: [{ fileName: "\uFFFD" }] });
  });

  test.each([
    ["filename*=UTF-8''gr%C3%BC%C3%9F.txt", "gr\u00fc\u00df.txt"],
    ["filename=\"ascii.txt\"; filename*=utf-8'de'..%2F%E2%82%AC.txt", "\u20ac.txt"],
  ])("%s, as clients of .NET send it", async (parameter, expected) => {
    const form = formOf({ body: "x" }).toString("latin1").replace('name="a"', `name="a"; ${parameter}`);
    expect(await readForm(Buffer.from(form, "latin1"))).toMatchObject({
      status: 200,
      body: [{ fileName: expected }],
    });
  });
});

test("a file input without a file is no part", async () => {
  const none = { name: "photo", fileName: "", type: "application/octet-stream", body: "" };
  expect(await readForm(formOf(none, { name: "b" }))).toMatchObject({ status: 200, body: [{ name: "b" }] });
  expect(await readForm(formOf({ ...none, body: "x" }))).toMatchObject({
    status: 200,
    body: [{ name: "photo", fileName: "", text: "x" }],
  });
  const options = { parts: { photo: { types: ["image/*"], count: 1 } } };
  expect(await readForm(formOf(none, none), options)).toMatchObject({ status: 200, body: [] });
  expect(await readForm(formOf(none), options)).toMatchObject({ status: 200, body: [] });
  const required = { parts: { photo: { required: true } } };
  expect(await readForm(formOf(none), required)).toMatchObject({
    status: 400,
    body: { problem: "missing-part" },
  });
});

test("a form without parts is one", async () => {
  expect(await readForm(formOf())).toEqual({ status: 200, body: [] });
});

test("what stands before the first and after the last boundary is nothing", async () => {
  const form = Buffer.concat([
    Buffer.from("preamble\r\n"),
    formOf({ body: "x" }),
    Buffer.from("epilogue\r\n--"),
  ]);
  expect(await readForm(form)).toMatchObject({ status: 200, body: [{ name: "a", text: "x" }] });
  expect(
    await readForm(
      form,
      undefined,
      CONTENT_TYPE.toUpperCase().replace(/=.*/, CONTENT_TYPE.slice(CONTENT_TYPE.indexOf("="))),
    ),
  ).toMatchObject({ status: 200 });
});
