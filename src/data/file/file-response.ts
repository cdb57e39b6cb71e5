import { withoutStack } from "../../common/argania-error.ts";
import type { LightHeaders } from "../../common/light-headers.ts";
import { sourceOf } from "../../response/chunk-source.ts";
import { parseHttpDate } from "../../response/http-date.ts";
import { LightResponse } from "../../response/light-response.ts";
import { PreconditionFailedError } from "../../response/precondition-errors.ts";
import { evaluatePreconditions, type Validators } from "../../response/preconditions.ts";
import { RangeNotSatisfiableError } from "../../response/range-not-satisfiable-error.ts";
import type { ResponseContext } from "../../response/response-context.ts";
import { addVary } from "../../response/vary.ts";
import { compressed, hasFreeEncoder } from "../compression/compressed.ts";
import { acceptedCodings } from "../compression/content-coding.ts";
import type { Encoding } from "../compression/encodings.ts";
import { wantedRanges } from "./byte-ranges.ts";
import type { ByteSpan } from "./file-body.ts";
import { chunksOf, type FileContent, partOf, piecesOf, release, sizeOf, wholeOf } from "./file-content.ts";
import { encodedEtag } from "./file-etag.ts";
import { contentRange, multipartRanges } from "./multipart-ranges.ts";
import { OpenFile } from "./open-file.ts";

/** What a request can get of a file. */
export interface FileOffer {
  readonly content: FileContent;
  /** Names in lower case and values in turn; well-formed. Becomes the response's own. */
  readonly headers: string[];
  readonly acceptsRanges: boolean;
  /** The codings that it may be sent in, if the request takes one. */
  readonly encodings: readonly Encoding[];
}

/**
 * The response for a file: all of it until the request is known, then what that asks for. Conditions and ranges are
 * about the headers that the response has by then, and only about a 200: a page that is sent with a 404 is not changed.
 */
export function fileResponse(offer: FileOffer): LightResponse {
  const { content, headers } = offer;
  if (content instanceof OpenFile) {
    headers.push("content-length", String(content.size));
  }
  return LightResponse.dependent(wholeOf(content), headers, (response, context) =>
    response.status === 200 && (context.method === "GET" || context.method === "HEAD")
      ? settle(response, context, offer)
      : response,
  );
}

function settle(response: LightResponse, context: ResponseContext, offer: FileOffer): LightResponse {
  const asked = offer.acceptsRanges && context.method === "GET" ? context.header("range") : undefined;
  const range = asked === undefined || response.headers.has("content-range") ? undefined : asked;
  const encoding = offer.encodings.length === 0 ? null : chooseEncoding(response, context, offer, range);
  const verdict = evaluatePreconditions(
    context.method,
    (name) => context.header(name),
    new HeaderValidators(response.headers),
  );
  if (verdict === "not-modified") {
    release(offer.content);
    return notModified(response);
  }
  if (verdict === "failed") {
    release(offer.content);
    throw withoutStack(() => new PreconditionFailedError());
  }
  if (encoding !== null) {
    return encoded(response, offer.content, encoding);
  }
  return range === undefined || verdict === "ignore-range"
    ? response
    : ranged(response, offer.content, range);
}

/** Read only when a condition is about it. */
class HeaderValidators implements Validators {
  readonly #headers: LightHeaders;

  constructor(headers: LightHeaders) {
    this.#headers = headers;
  }

  get etag(): string | undefined {
    return this.#headers.get("etag") ?? undefined;
  }

  get lastModified(): Date | undefined {
    const date = this.#headers.get("last-modified");
    const time = date === null ? null : parseHttpDate(date);
    return time === null ? undefined : new Date(time);
  }
}

/** The rest tells of a body that is not there (RFC 9110 §15.4.5). */
const OF_A_BODY: ReadonlySet<string> = new Set([
  "content-type",
  "content-length",
  "content-encoding",
  "content-disposition",
  "content-language",
  "accept-ranges",
]);

function notModified({ headers }: LightResponse): LightResponse {
  return LightResponse.withHeaderList(null, notModifiedHeaders(headers.list), 304);
}

/** What a 304 has of the headers of a 200, as a new list. */
export function notModifiedHeaders(list: readonly string[]): string[] {
  return without(list, OF_A_BODY);
}

const LENGTH: ReadonlySet<string> = new Set(["content-length"]);
const LENGTH_AND_TYPE: ReadonlySet<string> = new Set(["content-length", "content-type"]);

function without(list: readonly string[], names: ReadonlySet<string>): string[] {
  const rest: string[] = [];
  for (let index = 0; index < list.length; index += 2) {
    const name = list[index] as string;
    if (!names.has(name)) {
      rest.push(name, list[index + 1] as string);
    }
  }
  return rest;
}

function ranged(response: LightResponse, content: FileContent, range: string): LightResponse {
  const size = sizeOf(content);
  const spans = wantedRanges(range, size);
  if (spans === "whole") {
    return response;
  }
  if (spans === "unsatisfiable") {
    release(content);
    throw withoutStack(() => new RangeNotSatisfiableError(size));
  }
  if (spans.length === 1) {
    const span = spans[0] as ByteSpan;
    const list = without(response.headers.list, LENGTH);
    list.push("content-range", contentRange(span, size), "content-length", String(span.end - span.start));
    return LightResponse.withHeaderList(partOf(content, span), list, 206);
  }
  const { contentType, length, pieces } = multipartRanges(spans, size, response.headers.get("content-type"));
  const list = without(response.headers.list, LENGTH_AND_TYPE);
  list.push("content-type", contentType, "content-length", String(length));
  return LightResponse.withHeaderList(piecesOf(content, pieces), list, 206);
}

/**
 * The coding for this request, and the entity tag of the file in it. A part of something compressed anew could never
 * be put together with another one: who asks for parts gets the file as it is.
 */
function chooseEncoding(
  response: LightResponse,
  context: ResponseContext,
  { encodings }: FileOffer,
  range: string | undefined,
): Encoding | null {
  const { headers } = response;
  if (headers.has("content-encoding")) {
    return null;
  }
  addVary(headers, "accept-encoding");
  const best =
    range === undefined && hasFreeEncoder()
      ? acceptedCodings(context.header("accept-encoding")).find(
          (accepted) => accepted === "identity" || encodings.some(({ coding }) => coding === accepted),
        )
      : undefined;
  const chosen = encodings.find(({ coding }) => coding === best) ?? null;
  const etag = headers.get("etag");
  if (chosen !== null && etag !== null) {
    headers.set("etag", encodedEtag(etag, chosen.coding, true));
  }
  return chosen;
}

const LENGTH_AND_RANGES: ReadonlySet<string> = new Set(["content-length", "accept-ranges"]);

function encoded(response: LightResponse, content: FileContent, encoding: Encoding): LightResponse {
  const list = without(response.headers.list, LENGTH_AND_RANGES);
  list.push("content-encoding", encoding.coding);
  const body = compressed(() => sourceOf(chunksOf(content)), encoding);
  return LightResponse.withHeaderList(body, list, 200);
}
