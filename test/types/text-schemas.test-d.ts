import { _get, cookies, type Extractor, formBody, headers, json, pathParams, queryParams } from "argania";
import { multipartFields } from "argania/multipart";
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";
import { assertType, type Equal } from "./expect-type.ts";

// Numbers and booleans by their own types: the texts are converted, and the handler gets what the schema makes.
const query = queryParams(
  z.object({ page: z.number().default(1), deep: z.boolean().optional(), ids: z.array(z.number()) }),
);
assertType<
  Equal<typeof query, Extractor<{ page: number; ids: number[]; deep?: boolean | undefined }, object>>
>();

const params = pathParams(type({ id: "number.integer" }));
assertType<Equal<ReturnType<typeof params.extract> extends infer R ? Awaited<R> : never, { id: number }>>();

const given = headers(v.object({ "x-page": v.optional(v.number(), 1) }));
assertType<Equal<typeof given, Extractor<{ "x-page": number }, object>>>();

const jar = cookies(z.object({ size: z.literal([10, 20]) }));
assertType<Equal<typeof jar, Extractor<{ size: 10 | 20 }, object>>>();

const form = formBody(z.object({ age: z.number().transform((age) => BigInt(age)) }));
assertType<Equal<typeof form, Extractor<{ age: bigint }, object>>>();

const parts = multipartFields(z.object({ age: z.number(), photos: z.array(z.file()) }));
assertType<Equal<typeof parts, Extractor<{ age: number; photos: File[] }, object>>>();

_get.to([query, params], ({ page }, { id }) => {
  assertType<Equal<typeof page, number>>();
  assertType<Equal<typeof id, number>>();
  return json(page + id);
});
// @ts-expect-error what it makes of the text is a number
_get.to([params], ({ id }) => id.toUpperCase());
