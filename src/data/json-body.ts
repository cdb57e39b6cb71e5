import { withoutStack } from "../common/argania-error.ts";
import type { MaybePromise } from "../common/maybe-promise.ts";
import type { RequestContext } from "../request/request-context.ts";
import { type BodyExtractor, bodyExtractor } from "./body-extractor.ts";
import { assertContentType, type BodyType } from "./content-type.ts";
import { JsonError } from "./json-error.ts";
import { MEMORY_OF_JSON, parseJson } from "./parse-json.ts";
import { readBody } from "./read-body.ts";

/** RFC 8259 §11, and the structured suffix of RFC 6839 §3.1: `application/problem+json`, `application/geo+json`. */
const JSON_TYPE: BodyType = {
  usual: ["application/json"],
  accept: "application/json",
  accepts: (essence) => essence === "application/json" || /^application\/[^/]+\+json$/.test(essence),
  isText: true,
};

/**
 * The body as JSON (RFC 8259): `unknown`, or as a schema makes it. Use it as `jsonBody`, `jsonBody(schema)`,
 * `jsonBody(schema, { limit })`, `jsonBody.withLimit(bytes)` or `jsonBody.withLimit(bytes)(schema)`.
 *
 * - The type must be `application/json` or `application/*+json`: another one is a 415 (`ARGANIA_UNSUPPORTED_MEDIA_TYPE`), none a
 *   400 (`ARGANIA_MISSING_HEADER`). A charset other than UTF-8 and a `Content-Encoding` are a 415, too.
 * - More bytes than `limit`, else {@link bodyLimit} (1 MiB by default), are a 413 (`ARGANIA_BODY_LIMIT`).
 * - What is malformed, empty, not UTF-8, has the names `__proto__` or `constructor.prototype`, or does not fit the
 *   schema is a 400 (`ARGANIA_JSON`). Of a name that occurs twice the last value counts.
 *
 * A schema is any Standard Schema, or rules of fastest-validator after `import "argania/fastest-validator"`. Malformed rules are a
 * `RulesError` (`ARGANIA_RULES`) at definition.
 *
 * A body can be read once: a second extractor of bodies in one list is a `TypeError`, and elsewhere a 500 (`ARGANIA_BODY_ALREADY_READ`).
 *
 * @example
 * ```ts
 * users.setHandlerFor(_post.to([jsonBody(z.object({ name: z.string() }))], ({ name }) => respond(201, json(add(name)))));
 * ```
 */
export const jsonBody: BodyExtractor<unknown> = /* @__PURE__ */ bodyExtractor<unknown>(
  "jsonBody",
  <T>(
    context: RequestContext<object>,
    limit: number | undefined,
    convert: (value: unknown) => MaybePromise<T>,
  ) => {
    assertContentType(context, JSON_TYPE);
    return readBody(context, limit, (bytes) => convert(parseJson(bytes)), MEMORY_OF_JSON);
  },
  (issues) => withoutStack(() => new JsonError("The body is not valid.", { issues })),
);
