import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { BOUNDARY, CONTENT_TYPE, formOf } from "./form-of.ts";
import { formService, readForm, send } from "./read-form.ts";

const CRLF = "\r\n";
const NAME = 'Content-Disposition: form-data; name="a"';
/** A part with its lines of headers as they are. */
const part = (...lines: readonly string[]) =>
  `--${BOUNDARY}${CRLF}${[...lines, "", "x", `--${BOUNDARY}--`, ""].join(CRLF)}`;

const MALFORMED = { status: 400, body: { code: "ARGANIA_MULTIPART_FORM", problem: "malformed" } };
const INCOMPLETE = { status: 400, body: { code: "ARGANIA_MULTIPART_FORM", problem: "incomplete" } };

describe("the type of the body", () => {
  const FORM = formOf({});
  const { service } = formService(() => "read");

  test.each([
    ["none", null, 400, "ARGANIA_MISSING_HEADER"],
    ["another", "application/json", 415, "ARGANIA_UNSUPPORTED_MEDIA_TYPE"],
    ["another multipart", `multipart/mixed; boundary=${BOUNDARY}`, 415, "ARGANIA_UNSUPPORTED_MEDIA_TYPE"],
    [
      "one that begins so",
      `multipart/form-data-x; boundary=${BOUNDARY}`,
      415,
      "ARGANIA_UNSUPPORTED_MEDIA_TYPE",
    ],
    ["malformed", "multipart/form-data; boundary", 415, "ARGANIA_UNSUPPORTED_MEDIA_TYPE"],
    ["no boundary", "multipart/form-data", 400, "ARGANIA_MULTIPART_FORM"],
    ["an empty boundary", 'multipart/form-data; boundary=""', 400, "ARGANIA_MULTIPART_FORM"],
    [
      "a boundary of 71 characters",
      `multipart/form-data; boundary=${"x".repeat(71)}`,
      400,
      "ARGANIA_MULTIPART_FORM",
    ],
    [
      "a boundary with a space at its end",
      'multipart/form-data; boundary="x "',
      400,
      "ARGANIA_MULTIPART_FORM",
    ],
    ["a boundary in another script", 'multipart/form-data; boundary="\u00e9"', 400, "ARGANIA_MULTIPART_FORM"],
    ["two boundaries", "multipart/form-data; boundary=x; BOUNDARY=y", 400, "ARGANIA_MULTIPART_FORM"],
  ])("%s", async (_title, contentType, status, code) => {
    expect(await send(service, new Uint8Array(FORM), contentType)).toMatchObject({ status, body: { code } });
  });

  test("tells what is taken", async () => {
    const response = await service.request("/", {
      method: "POST",
      body: "x",
      headers: { "content-type": "text/csv" },
    });
    expect(response.headers.get("accept")).toBe("multipart/form-data");
  });

  test.each(["gzip", "br, identity"])("with the content coding %s is not read", async (coding) => {
    const answer = await send(service, FORM, CONTENT_TYPE, { "content-encoding": coding });
    expect(answer).toMatchObject({ status: 415, body: { code: "ARGANIA_UNSUPPORTED_MEDIA_TYPE" } });
  });

  test("can be quoted, and have a boundary of any length that is allowed", async () => {
    for (const boundary of ["x", "x".repeat(70), "a b'()+_,-./:=?c"]) {
      const form = `--${boundary}\r\n${NAME}\r\n\r\nx\r\n--${boundary}--`;
      const contentType = `Multipart/Form-Data; charset=utf-8; Boundary="${boundary}"`;
      expect(await readForm(form, undefined, contentType)).toMatchObject({
        status: 200,
        body: [{ text: "x" }],
      });
    }
  });
});

describe("a form", () => {
  test.each([
    ["is empty", "", INCOMPLETE],
    ["has no boundary", "x=y", INCOMPLETE],
    ["has another boundary", part(NAME).replaceAll(BOUNDARY, "other"), INCOMPLETE],
    ["ends in its boundary", `--${BOUNDARY}`, INCOMPLETE],
    ["ends after its first boundary", `--${BOUNDARY}\r\n`, INCOMPLETE],
    ["ends in a header", `--${BOUNDARY}\r\n${NAME}`, INCOMPLETE],
    ["ends in a part", `--${BOUNDARY}\r\n${NAME}\r\n\r\nx`, INCOMPLETE],
    ["ends in the closing boundary", part(NAME).replace("--\r\n", "-"), INCOMPLETE],
    ["has a part without a header", part(), MALFORMED],
    ["has a part that ends in its headers", `--${BOUNDARY}\r\n${NAME}\r\n--${BOUNDARY}--`, MALFORMED],
    ["has such a part before others", `--${BOUNDARY}\r\n${NAME}\r\n${part(NAME)}`, MALFORMED],
    ["has a longer boundary", part(NAME).replace("\r\n", "x\r\n"), MALFORMED],
  ])("that %s is a 400", async (_title, form, expected) => {
    expect(await readForm(form)).toMatchObject(expected);
    expect(await readForm(Array.from(Buffer.from(form), (byte) => Uint8Array.of(byte)))).toMatchObject(
      expected,
    );
  });

  test("whose part was cut off hands it to nobody as a whole", async () => {
    const texts: unknown[] = [];
    const { service } = formService(async (parts) => {
      for await (const one of parts) {
        texts.push(await one.text().catch((error: { problem: string }) => error.problem));
      }
      return "done";
    });
    const form = formOf({ body: "whole" }, { body: "not whole" });
    expect(await send(service, form.subarray(0, -BOUNDARY.length - 10))).toMatchObject(INCOMPLETE);
    expect(texts).toEqual(["whole", "incomplete"]);
  });
});

test("reading that nobody waits for cannot end the process", async () => {
  // Vitest fails for a rejection that nobody handles, as Node ends the process.
  const folder = mkdtempSync(join(tmpdir(), "argania-floating-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const read of ["bytes", "text", "json", "saveTo"] as const) {
    const { service } = formService(async (parts) => {
      for await (const one of parts) {
        void (read === "saveTo" ? one.saveTo(join(folder, "file")) : one[read]());
      }
      return "done";
    });
    expect(await send(service, formOf({ body: "not whole" }).subarray(0, -BOUNDARY.length))).toMatchObject(
      INCOMPLETE,
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

describe("a part", () => {
  test.each([
    ["has no disposition", part("Content-Type: text/plain")],
    ["has another disposition", part('Content-Disposition: attachment; name="a"')],
    ["has an empty disposition", part("Content-Disposition:")],
    ["has two dispositions", part(NAME, NAME)],
    ["has two types", part(NAME, "Content-Type: a/b", "Content-Type: a/b")],
    ["has no name", part("Content-Disposition: form-data")],
    ["has only a file name", part('Content-Disposition: form-data; filename="a"')],
    ["has two names", part(`${NAME}; Name="b"`)],
    ["has an open quote", part('Content-Disposition: form-data; name="a')],
    ["has something behind a quote", part('Content-Disposition: form-data; name="a"b')],
    ["has a name that is not in UTF-8", part('Content-Disposition: form-data; name="\xe9"')],
    ["has a malformed filename*", part(`${NAME}; filename*=UTF-8''%zz`)],
    ["has a filename* that is not in UTF-8", part(`${NAME}; filename*=UTF-8''%ff`)],
    ["has a filename* in another charset", part(`${NAME}; filename*=iso-8859-1''a`)],
    ["has a malformed type", part(NAME, "Content-Type: text")],
    ["has a header without a colon", part(NAME, "Content-Type text/plain")],
    ["has a header without a name", part(NAME, ": x")],
    ["has a header with a space in its name", part(NAME, "Content-Type : text/plain")],
    ["has a header with a line feed", part(NAME, "X: a\nContent-Type: text/plain")],
    ["has a header with NUL", part(NAME, "X: a\0")],
    ["has a folded first header", part(" X: a", NAME)],
  ])("that %s is a 400", async (_title, form) => {
    const bytes = Buffer.from(form, "latin1");
    expect(await readForm(bytes)).toMatchObject(MALFORMED);
    expect(await readForm(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toMatchObject(MALFORMED);
  });

  test.each(["base64", "quoted-printable", "8bit, base64"])("encoded as %s is a 415", async (coding) => {
    const answer = await readForm(part(NAME, `Content-Transfer-Encoding: ${coding}`));
    expect(answer).toMatchObject({ status: 415, body: { problem: "part-type" } });
  });

  test.each(["7bit", "8BIT", " binary "])("encoded as %s is taken as it is", async (coding) => {
    expect(await readForm(part(NAME, `Content-Transfer-Encoding: ${coding}`))).toMatchObject({ status: 200 });
  });
});
