import fc from "fast-check";
import { expect, test } from "vitest";
import { BOUNDARY, cutAt, formOf, type WrittenPart } from "./form-of.ts";
import { readForm } from "./read-form.ts";

const near = ["\r", "\n", "-", "\r\n--", `\r\n--${BOUNDARY.slice(0, -1)}`, `--${BOUNDARY}`, "\r\n\r\n", "a"];

/** Bodies made of what looks like a boundary and is none. */
const tricky = fc
  .array(fc.constantFrom(...near), { maxLength: 12 })
  .map((pieces) => pieces.join(""))
  .filter((body) => !`\r\n${body}`.includes(`\r\n--${BOUNDARY}`));

const FORM = formOf(
  { name: "title", body: "Grüße" },
  {
    name: "file",
    fileName: "a.bin",
    type: "application/octet-stream",
    body: `\r\n--${BOUNDARY.slice(0, 9)}\r\r\n-`,
  },
  { name: "empty" },
);

test("a form is the same wherever it is split", async () => {
  const whole = await readForm(FORM);
  expect(whole).toMatchObject({
    status: 200,
    body: [{ name: "title" }, { name: "file", fileName: "a.bin" }, { name: "empty" }],
  });
  for (let offset = 1; offset < FORM.length; offset++) {
    expect([offset, await readForm(cutAt(FORM, offset))]).toEqual([offset, whole]);
  }
  expect(await readForm(Array.from(FORM, (byte) => Uint8Array.of(byte)))).toEqual(whole);
});

test("what looks like a boundary is none, however it comes", async () => {
  const parts = fc.array(
    fc.record({ name: fc.constantFrom("a", "b"), fileName: fc.constantFrom(undefined, "f"), body: tricky }),
    { maxLength: 5 },
  );
  const cuts = fc.array(fc.nat(), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(parts, cuts, async (written, offsets) => {
      const form = formOf(...(written as WrittenPart[]));
      const places = [...new Set(offsets.map((offset) => offset % form.length))].sort((a, b) => a - b);
      const { status, body } = await readForm(cutAt(form, ...places));
      expect(status).toBe(200);
      expect((body as { text: string }[]).map(({ text }) => text)).toEqual(written.map((part) => part.body));
    }),
    { numRuns: 300 },
  );
});
