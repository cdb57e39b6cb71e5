import { encodeSegment } from "../common/percent.ts";

/** A value that is written as `String()` writes it. */
export type HrefValue = string | number | bigint | boolean;

/**
 * A query as an object (arrays repeat their key, `undefined` is left out), as parsed params, or as raw
 * text.
 */
export type HrefQuery =
  | { readonly [name: string]: HrefValue | readonly HrefValue[] | undefined }
  | URLSearchParams
  | string;

/** Writes a query with its `?`; nothing when it is empty. Raw text is only made safe, not encoded again. */
export function formatQuery(query: HrefQuery | undefined): string {
  const text = typeof query === "string" ? rawQuery(query) : toSearchParams(query).toString();
  return text === "" ? "" : `?${text}`;
}

/** Writes a fragment with its `#`; nothing when it is empty. */
export function formatHash(hash: string | undefined): string {
  const text = hash?.replace(/^#/, "") ?? "";
  // RFC 3986 §3.5: a fragment may hold what a segment may, and "/" and "?".
  return text === "" ? "" : `#${encodeSegment(text).replace(/%2F/g, "/").replace(/%3F/g, "?")}`;
}

/** RFC 3986 §3.4: a `#` would end the query; spaces, quotes and non-ASCII are not allowed in it. */
const NOT_IN_QUERIES = /[^!$-;=?-Z_a-z~[\]]/gu;

function rawQuery(query: string): string {
  return query.replace(/^\?/, "").replace(NOT_IN_QUERIES, encodeURIComponent);
}

function toSearchParams(query: Exclude<HrefQuery, string> | undefined): URLSearchParams {
  if (query instanceof URLSearchParams) {
    return query;
  }
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const item of toValues(value)) {
      params.append(name, String(item));
    }
  }
  return params;
}

function toValues(value: HrefValue | readonly HrefValue[] | undefined): readonly HrefValue[] {
  return value === undefined ? [] : typeof value === "object" ? value : [value];
}
