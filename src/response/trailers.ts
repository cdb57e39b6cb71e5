import { describeValue } from "../common/describe-value.ts";
import { LightHeaders } from "../common/light-headers.ts";
import { type IntoResponse, intoResponse } from "./into-response.ts";
import { LightResponse } from "./light-response.ts";
import { type TrailerValue, TrailingBody } from "./trailing-body.ts";

/** Fields that a recipient needs before the body, or that say who it is (RFC 9110 §6.5.1): no client heeds them there. */
const REFUSED: ReadonlySet<string> = new Set([
  "age",
  "authorization",
  "cache-control",
  "connection",
  "content-encoding",
  "content-length",
  "content-range",
  "content-type",
  "date",
  "expires",
  "host",
  "keep-alive",
  "location",
  "retry-after",
  "set-cookie",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "vary",
  "www-authenticate",
]);

/**
 * A response with fields after its body: a checksum, how long it took, whether all went well. A value that is a function is
 * asked for when the body has been sent.
 *
 * They reach the client over HTTP/2 and over HTTP/1.1, which sends the body in chunks for their sake. HTTP/1.0, `HEAD` and
 * `service.fetch` have no place for them: there the body comes without. Many clients and proxies drop them, browsers among
 * them: send nothing in them that must arrive.
 *
 * Throws a `TypeError` for names and values that cannot be sent, and for fields that are needed in front of the body. What a
 * value's function throws breaks the connection off. Source: RFC 9110 §6.5.
 *
 * @example
 * ```ts
 * const hash = createHash("sha256");
 * return withTrailers(tee(rows, hash), { "content-digest": () => `sha-256=:${hash.digest("base64")}:` });
 * ```
 */
export function withTrailers(
  body: IntoResponse,
  trailers: Readonly<Record<string, TrailerValue>>,
): LightResponse {
  const entries = Object.entries(trailers).map(([name, value]) => checkedTrailer(name, value));
  const response = intoResponse(body);
  const { status, statusText, headers } = response;
  const trailing = new LightResponse(new TrailingBody(response.takePayload(), entries), {
    status,
    statusText,
    headers,
  });
  trailing.headers.delete("content-length");
  return trailing;
}

function checkedTrailer(name: string, value: TrailerValue): readonly [string, TrailerValue] {
  const key = name.toLowerCase();
  if (REFUSED.has(key)) {
    throw new TypeError(
      `"${name}" is no trailer: it is needed in front of the body (RFC 9110 §6.5.1). Write respond({ ${JSON.stringify(key)}: … }, body).`,
    );
  }
  if (typeof value === "function") {
    // Throws for a name that is none.
    LightHeaders.from({ [key]: "" });
    return [key, async () => checkedValue(key, await value())];
  }
  return [key, checkedValue(key, value)];
}

function checkedValue(name: string, value: unknown): string {
  if (typeof value !== "string") {
    throw new TypeError(`The trailer "${name}" is a string, not ${describeValue(value)}.`);
  }
  return LightHeaders.from({ [name]: value }).get(name) as string;
}
