import { assertOptions } from "../../common/assert-options.ts";
import { describeValue } from "../../common/describe-value.ts";
import type { ReadVersion } from "./current-version.ts";

export interface ConditionalRequestsOptions {
  /**
   * The entity-tag of responses that have none: `"strong"` (the default) for the same bytes, `"weak"` for what may be encoded in
   * another way later on (a compressing layer further out), `false` for none. Streams get none: their bytes are not known
   * beforehand. With `validators` there is none of the bytes, since those know of it too late.
   */
  readonly etag?: "strong" | "weak" | false;
  /**
   * Says which version of the representation there is, before the handler runs: `{ etag, lastModified, headers }`, with what is
   * known of it, or `null` where there is none. It may return a promise, or throw, as a handler may.
   *
   * It is asked for every `GET` and `HEAD`, and for other methods when the request has a condition, or needs one.
   */
  readonly validators?: ReadVersion;
  /**
   * The methods that must say which version they are about: `true` is `PUT`, `PATCH` and `DELETE`, `false` (the default) none.
   * A request that does not is a 428 (RFC 6585 §3). Only with `validators`.
   */
  readonly required?: boolean | readonly string[];
}

export interface ConditionalSettings {
  readonly etag: "strong" | "weak" | false;
  readonly validators: ReadVersion | undefined;
  readonly required: ReadonlySet<string>;
}

const OWNER = "ConditionalRequestsLayer";
const CHANGING = ["PUT", "PATCH", "DELETE"];
/** Reading needs no condition to be safe, and the others are about no representation. */
const NEVER_REQUIRED = ["GET", "HEAD", "OPTIONS", "TRACE", "CONNECT"];
/** RFC 9110 §9.1: a token, and case-sensitive. */
const METHOD = /^[!#$%&'*+\-.^_`|~\dA-Z]+$/;

/** Throws a `TypeError` for options that are unknown, of the wrong type, or contradict each other. */
export function conditionalSettings(options: ConditionalRequestsOptions): ConditionalSettings {
  assertOptions(OWNER, options, ["etag", "validators", "required"]);
  const { validators, required = false } = options;
  const { etag = validators === undefined ? "strong" : false } = options;
  if (etag !== "strong" && etag !== "weak" && etag !== false) {
    throw new TypeError(
      `The option etag of ${OWNER} is "strong", "weak" or false, not ${describeValue(etag)}.`,
    );
  }
  if (validators !== undefined && typeof validators !== "function") {
    throw new TypeError(
      `The option validators of ${OWNER} is a function, not ${describeValue(validators)}: write (context) => ({ etag: … }).`,
    );
  }
  if (validators !== undefined && etag !== false) {
    throw new TypeError(
      `${OWNER} has both etag and validators: a tag of the bytes is not known before the handler runs. Return one from validators.`,
    );
  }
  const methods = methodsOf(required);
  if (validators === undefined && methods.length > 0) {
    throw new TypeError(
      `The option required of ${OWNER} needs validators: what there is must be known first.`,
    );
  }
  return { etag, validators, required: new Set(methods) };
}

function methodsOf(required: unknown): readonly string[] {
  if (typeof required === "boolean") {
    return required ? CHANGING : [];
  }
  if (!Array.isArray(required)) {
    throw new TypeError(
      `The option required of ${OWNER} is true, false or a list of methods, not ${describeValue(required)}.`,
    );
  }
  for (const method of required) {
    if (typeof method !== "string" || !METHOD.test(method) || NEVER_REQUIRED.includes(method)) {
      const given = typeof method === "string" ? JSON.stringify(method) : describeValue(method);
      throw new TypeError(
        `The option required of ${OWNER} lists methods that change something, in upper case, such as "PUT", not ${given}.`,
      );
    }
  }
  return required;
}
