import { _post, Resource } from "argania";
import { type MultipartOptions, multipartBody, multipartFields } from "argania/multipart";
import { expect, test } from "vitest";

const wrong = (options: unknown) => () => multipartBody(options as MultipartOptions);

test.each<[unknown, string]>([
  [undefined, "multipartBody takes an object with options, not undefined"],
  [[], "multipartBody takes an object with options, not an array"],
  [{ limit: 1 }, 'multipartBody has no option "limit": there are bodyLimit, partLimit'],
  [{ bodyLimit: "1mb" }, "multipartBody({ bodyLimit }) takes a number of bytes, not a string"],
  [{ otherParts: 1 }, "multipartBody({ otherParts }) takes true or false, not a number"],
  [{ parts: [1] }, "multipartBody({ parts }) takes names of parts"],
  [{ parts: { a: 1 } }, "multipartBody({ parts: { a } }) takes an object with options, not a number"],
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
});
