import { _post, Resource } from "argania";
import { type MultipartOptions, multipartBody, multipartFields } from "argania/multipart";
import { expect, test } from "vitest";
import { CONTENT_TYPE, formOf } from "./form-of.ts";

const wrong = (options: unknown) => () => multipartBody(options as MultipartOptions);

test.each<[unknown, string]>([
  [undefined, "multipartBody takes an object with options, not undefined"],
  [[], "multipartBody takes an object with options, not an array"],
  [{ limit: 1 }, 'multipartBody has no option "limit": there are bodyLimit, partLimit'],
  [{ bodyLimit: "1mb" }, "multipartBody({ bodyLimit }) takes a number of bytes, not a string"],
  [{ otherParts: 1 }, "multipartBody({ otherParts }) takes true or false, not a number"],
  [{ parts: [1] }, "multipartBody({ parts }) takes names of parts"],
  [{ parts: { a: 1 } }, "multipartBody({ parts: { a } }) takes an object with options, not a number"],
  [
    { parts: { a: ["text/plain"] } },
    'takes an object with options, not a list: write { types: ["image/png"] }',
  ],
  [{ parts: { a: { maxSize: 1 } } }, 'multipartBody({ parts: { a } }) has no option "maxSize"'],
  [{ parts: { a: { required: "yes" } } }, "takes true or false, not a string"],
  [{ parts: { a: { types: "image/png" } } }, "takes media types"],
  [{ parts: { a: { types: ["png"] } } }, "takes media types"],
])("%o are no options", (options, message) => {
  expect(wrong(options)).toThrow(TypeError);
  expect(wrong(options)).toThrow(message);
});

test.each<unknown>([
  { partLimit: -1 },
  { fieldLimit: 1.5 },
  { headerBytes: Number.NaN },
  { partCount: -1 },
  { fileCount: "3" },
  { parts: { a: { limit: -1 } } },
  { parts: { a: { count: 0.5 } } },
])("%o are out of range", (options) => {
  expect(wrong(options)).toThrow(RangeError);
});

test("a limit can be taken away knowingly", () => {
  expect(wrong({ bodyLimit: Number.POSITIVE_INFINITY, partCount: Number.POSITIVE_INFINITY })).not.toThrow();
});

test("an extractor is used as it is, or called", () => {
  for (const extractor of [
    multipartBody,
    multipartBody(),
    multipartBody({}),
    multipartFields,
    multipartFields(),
  ]) {
    expect(() => new Resource("/").setHandlerFor(_post.to([extractor], () => null))).not.toThrow();
  }
  expect([multipartBody.name, multipartFields.name]).toEqual(["multipartBody", "multipartFields"]);
  expect(() => multipartFields(undefined as never)).toThrow("multipartFields takes a schema");
  expect(() => multipartFields.withOptions({ x: 1 } as never)).toThrow("multipartFields.withOptions(…)");
  expect(() => multipartFields({ bodyLimit: 5 } as never)).toThrow(
    "write multipartFields.withOptions({ … })",
  );
});

test("a part that is not taken hears which ones are, and nothing of itself", async () => {
  const form = multipartBody({ parts: ["title", "photo"] });
  const root = new Resource("/").setHandlerFor(
    _post.to([form], async (parts) => {
      for await (const _part of parts) {
        expect.unreachable();
      }
    }),
  );
  const response = await root.intoService().request("/", {
    method: "POST",
    headers: { "content-type": CONTENT_TYPE },
    body: formOf({ name: "evil" }),
  });
  const { detail } = (await response.json()) as { readonly detail: string };
  expect(detail).toBe("Part 1 of the form is not one that is taken here: those are title, photo.");
});
