import { assertNoMore } from "../../common/assert-no-more.ts";
import { bodyLimit } from "../body-limit.ts";
import type { Extractor } from "../extractor.ts";
import type { InferRules } from "../infer-rules.ts";
import type { Rules } from "../rule-types.ts";
import { type Issue, type StandardSchema, validate } from "../standard-schema.ts";
import { textSchemaFrom } from "../text-schema/text-schema-from.ts";
import type { FieldsOf } from "./form-fields.ts";
import { openForm } from "./multipart-body.ts";
import { formError, type MultipartFormError } from "./multipart-form-error.ts";
import { type FormLimits, formLimits, isOptionsOnly, type MultipartOptions } from "./multipart-options.ts";

/** An extractor of whole forms that can be used as it is, or called with a schema. */
export interface MultipartFieldsExtractor extends Extractor<FieldsOf, object> {
  (): Extractor<FieldsOf, object>;
  /** With a Standard Schema, of zod, valibot, arktype and others: what the schema makes of texts and files. */
  <Output>(schema: StandardSchema<unknown, Output>, options?: MultipartOptions): Extractor<Output, object>;
  /** With rules of fastest-validator, after `import "argania/fastest-validator"`. */
  <const R extends Rules>(rules: R, options?: MultipartOptions): Extractor<InferRules<R>, object>;
  // Compilers tell what is wrong with a call by the last of its forms.
  (schema: StandardSchema | Rules, options?: MultipartOptions): Extractor<unknown, object>;
  /** The same with options: as it is, called with a schema, or with more options, which are put over these one by one. */
  withOptions(options: MultipartOptions): MultipartFieldsExtractor;
}

const NAME = "multipartFields";

/**
 * A whole form of `multipart/form-data` in memory, by name, as it is or as a schema makes it: text for a field, a web
 * `File` for a file, an array of them for a name that occurs several times. The object has no prototype. Use it as
 * `multipartFields`, `multipartFields(schema)`, `multipartFields(schema, options)`, `multipartFields.withOptions(options)`, or the
 * latter with a schema behind it.
 *
 * For small forms: all of it is in memory before the handler runs. So its `bodyLimit` is that of other bodies by default,
 * 1 MiB, a larger one is a 413 (`ARGANIA_BODY_LIMIT`). What does not fit the schema is a 400 (`ARGANIA_MULTIPART_FORM`) that
 * lists the `issues`; all else is as for `multipartBody`.
 *
 * @example
 * ```ts
 * const Profile = z.object({ name: z.string().min(1), age: z.number(), photo: z.file().optional() });
 * profile.setHandlerFor(_put.to([multipartFields(Profile)], ({ name, photo }) => save(name, photo)));
 * ```
 */
export const multipartFields: MultipartFieldsExtractor = fieldsExtractor({});

function fieldsExtractor(options: MultipartOptions): MultipartFieldsExtractor {
  const read = fieldsReader(formLimits(options, NAME));
  // A schema that is undefined, as one is too early in a circle of imports, must not mean "unchecked".
  const withSchema = (...args: readonly unknown[]): Extractor<unknown, object> => {
    if (args.length === 0) {
      return read;
    }
    assertNoMore(args.slice(2), `${NAME} takes a schema and options`, `${NAME}(schema, options)`);
    if (isOptionsOnly(args[0])) {
      throw new TypeError(
        `${NAME} takes a schema first: for options alone write ${NAME}.withOptions({ … }).`,
      );
    }
    const schema = textSchemaFrom(args[0], NAME);
    const { extract } =
      args.length > 1 ? fieldsReader(formLimits(merged(options, args[1], `${NAME}(schema, …)`), NAME)) : read;
    return {
      extract: async (context, args) => validate(schema, await extract(context, args), notValid),
      readsBody: NAME,
    };
  };
  Object.defineProperty(withSchema, "name", { value: NAME });
  return Object.assign(withSchema, read, {
    withOptions: (more: MultipartOptions) => fieldsExtractor(merged(options, more, `${NAME}.withOptions(…)`)),
  }) as MultipartFieldsExtractor;
}

/** A limit that was set before must not be lost because another one is set. */
function merged(options: MultipartOptions, more: unknown, where: string): MultipartOptions {
  // What is wrong is told of what was written here.
  formLimits(more as MultipartOptions, where);
  const given = Object.entries(more as MultipartOptions).filter(([, value]) => value !== undefined);
  return { ...options, ...Object.fromEntries(given) };
}

function fieldsReader(limits: FormLimits): Extractor<FieldsOf, object> {
  return {
    extract: async (context) => (await openForm(context, limits, bodyLimit.defaultValue)).toObject(),
    readsBody: NAME,
  };
}

function notValid(issues: readonly Issue[]): MultipartFormError {
  return formError("schema", "The form is not valid.", { issues });
}
