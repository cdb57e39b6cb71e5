import { withoutStack } from "../common/argania-error.ts";
import { describeValue } from "../common/describe-value.ts";
import { type BodyExtractor, bodyExtractor, type ReadValue } from "./body-extractor.ts";
import { assertByteCount } from "./body-limit.ts";
import { assertContentType, type BodyType } from "./content-type.ts";
import { FormError } from "./form-errors.ts";
import { parseForm } from "./parse-form.ts";
import { readBody } from "./read-body.ts";
import { textSchemaFrom } from "./text-schema/text-schema-from.ts";

/** The fields of a form by name; a name that occurs several times has an array. */
export type Form = Readonly<Partial<Record<string, string | readonly string[]>>>;

/** {@link formBody}, with limits of its own or without. */
export interface FormBodyExtractor extends BodyExtractor<Form> {
  withLimit(bytes: number): FormBodyExtractor;
  /** The same with another limit for the number of fields: as it is, or called with a schema. */
  withFieldLimit(fields: number): FormBodyExtractor;
}

const NAME = "formBody";
const TYPE = "application/x-www-form-urlencoded";

/** URL Standard §5.1: always UTF-8, and without parameters; `fetch` writes one all the same. */
const FORM_TYPE: BodyType = {
  usual: [TYPE, "application/x-www-form-urlencoded;charset=UTF-8"],
  accept: TYPE,
  accepts: (essence) => essence === TYPE,
  isText: true,
};

/** As of `qs`, PHP and others: no form that a person fills in has more. */
const MOST_FIELDS = 1_000;

/**
 * The body as an HTML form sends it (`application/x-www-form-urlencoded`, URL Standard §5): its fields as texts, or as a schema
 * makes them. Use it as `formBody`, `formBody(schema)`, `formBody(schema, { limit })`, `formBody.withLimit(bytes)`,
 * `formBody.withFieldLimit(fields)`, or the latter two with a schema behind them.
 *
 * - Names are flat: `tags[]` and `user[name]` are names like any other. A name that occurs several times has an array. The
 *   object has no prototype.
 * - Another type is a 415 (`ARGANIA_UNSUPPORTED_MEDIA_TYPE`), none a 400 (`ARGANIA_MISSING_HEADER`). A charset other than
 *   UTF-8 and a `Content-Encoding` are a 415, too.
 * - More bytes than `limit`, else {@link bodyLimit} (1 MiB by default), are a 413 (`ARGANIA_BODY_LIMIT`), and so are more
 *   than 1,000 fields (`ARGANIA_FORM_LIMIT`).
 * - What is not UTF-8, has the name `__proto__`, or does not fit the schema is a 400 (`ARGANIA_FORM`). An empty body is a
 *   form without fields, and a `%` that begins no escape stands for itself.
 *
 * Forms with files are `multipart/form-data`: see `argania/multipart`.
 *
 * @example
 * ```ts
 * login.setHandlerFor(_post.to([formBody(z.object({ name: z.string(), age: z.number() }))], ({ name }) => `Hello, ${name}!`));
 * ```
 */
export const formBody: FormBodyExtractor = /* @__PURE__ */ formExtractor(undefined, MOST_FIELDS);

function formExtractor(limit: number | undefined, mostFields: number): FormBodyExtractor {
  const read: ReadValue<Form> = (context, bytes, convert) => {
    assertContentType(context, FORM_TYPE);
    return readBody(context, bytes, (body) => convert(parseForm(body, mostFields)));
  };
  const extractor = bodyExtractor<Form>(
    NAME,
    read,
    (issues) => withoutStack(() => new FormError("The form is not valid.", { issues })),
    textSchemaFrom,
    limit,
  );
  return Object.assign(extractor, {
    withLimit: (bytes: number): FormBodyExtractor => {
      assertByteCount(bytes, `${NAME}.withLimit(…)`);
      return formExtractor(bytes, mostFields);
    },
    withFieldLimit: (fields: number): FormBodyExtractor => {
      assertFieldCount(fields);
      return formExtractor(limit, fields);
    },
  });
}

/** A limit that is no number would be none: nothing is greater than `NaN`. */
function assertFieldCount(value: unknown): void {
  if (typeof value !== "number") {
    throw new TypeError(`${NAME}.withFieldLimit(…) takes a number of fields, not ${describeValue(value)}.`);
  }
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${NAME}.withFieldLimit(…) takes a whole number from 0 on, not ${value}.`);
  }
}
