import {
  _post,
  type BinaryBodyExtractor,
  binaryBody,
  type Extractor,
  type Form,
  type FormBodyExtractor,
  formBody,
  fullBody,
  Resource,
  type StandardSchema,
  type TextBodyExtractor,
  textBody,
} from "argania";
import { RequestDecompressionLayer } from "argania/middleware";
import { assertType, type Equal } from "./expect-type.ts";

interface Login {
  readonly name: string;
}
declare const schema: StandardSchema<unknown, Login>;

new Resource("/").setHandlerFor(
  _post.to([formBody, textBody, binaryBody, fullBody], (form, text, binary, full) => {
    assertType<Equal<typeof form, Form>>();
    assertType<Equal<typeof text, string>>();
    assertType<Equal<typeof binary, Uint8Array>>();
    assertType<Equal<typeof full, Uint8Array>>();
    return form.name ?? text;
  }),
);

const forms = [
  formBody(schema),
  formBody(schema, { limit: 5 }),
  formBody.withLimit(5).withFieldLimit(2)(schema),
] as const;
assertType<Equal<(typeof forms)[number], Extractor<Login, object>>>();
const texts = [textBody(schema), textBody.withType("text/csv").withLimit(5)(schema)] as const;
assertType<Equal<(typeof texts)[number], Extractor<Login, object>>>();

const chained = [
  formBody.withLimit(5).withFieldLimit(2).withLimit(3),
  textBody.withLimit(5).withType("a/b").withLimit(3),
  binaryBody.withLimit(5).withType("a/b").withLimit(3),
] as const;
assertType<Equal<typeof chained, readonly [FormBodyExtractor, TextBodyExtractor, BinaryBodyExtractor]>>();

const rules = formBody({ age: "number" });
assertType<Equal<typeof rules, Extractor<{ age: number }, object>>>();

// @ts-expect-error Bytes have no schema.
binaryBody(schema);
// @ts-expect-error
fullBody({ limit: 5 });
// @ts-expect-error
fullBody.withType("a/b");
// @ts-expect-error
formBody.withFieldLimit("5");
// @ts-expect-error
textBody.withType(["text/csv"]);
// @ts-expect-error
formBody(undefined);

new RequestDecompressionLayer();
new RequestDecompressionLayer({ codings: ["gzip", "zstd"] });
// @ts-expect-error
new RequestDecompressionLayer({ codings: ["lzma"] });
// @ts-expect-error
new RequestDecompressionLayer({ coding: ["gzip"] });

new Resource("/").intoService({ bodyMemoryLimit: 5 });
// @ts-expect-error
new Resource("/").intoService({ bodyMemoryLimit: "5" });
