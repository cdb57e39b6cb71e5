import { assertOptions, wholeNumberOption } from "../common/assert-options.ts";
import { describeValue } from "../common/describe-value.ts";
import { chain, type MaybePromise } from "../common/maybe-promise.ts";
import { hasFreeEncoder } from "../data/compression/compressed.ts";
import { acceptedReader, type ReadAccepted } from "../data/compression/content-coding.ts";
import { type Encoding, type EncodingOption, encodingsOf } from "../data/compression/encodings.ts";
import type { Handler, ResponseHandler } from "../handler/handler.ts";
import { asResponseHandler, respondWith } from "../handler/layer.ts";
import type { RequestContext } from "../request/request-context.ts";
import { matchesWeakly, someEntityTag } from "../response/entity-tags.ts";
import type { LightResponse } from "../response/light-response.ts";
import { isBodiless } from "../response/status-code.ts";
import { addVary } from "../response/vary.ts";
import { encoded } from "./compression/encoded.ts";
import { bodyLength, isOfCompressibleType, mustStay, weakenEtag } from "./compression/response-traits.ts";

/** Says of a response whether it may be compressed: `undefined` leaves that to its type. */
export type CompressionFilter = (context: RequestContext, response: LightResponse) => boolean | undefined;

export interface CompressionOptions {
  /**
   * The codings, the best first: the order decides between those that a client likes as well. With a level each if need be:
   * zstd 1 to 19 (default 3), br 0 to 11 (4), gzip 1 to 9 (6). Default: `["zstd", "br", "gzip"]`. What the runtime does not
   * have is left out.
   */
  readonly codings?: EncodingOption | readonly EncodingOption[];
  /** How many bytes a body has at least, if its length is known. Default: 1024. */
  readonly threshold?: number;
  /** Decides instead of the type: `true` is for any type, event streams too; `false` leaves the response alone. */
  readonly filter?: CompressionFilter;
  /** How many streams are compressed at a time in this process, up to 1 MiB of memory each. Default: 64. */
  readonly maxStreams?: number;
}

const OPTIONS: readonly (keyof CompressionOptions)[] = ["codings", "threshold", "filter", "maxStreams"];
/** By time and size, measured: zstd takes half the time of br for a twentieth more bytes. */
const DEFAULT_CODINGS: readonly EncodingOption[] = ["zstd", "br", "gzip"];

/**
 * Compresses the bodies of responses for clients that accept it (`Accept-Encoding`, RFC 9110 §12.5.3): texts, bytes and
 * streams, whoever made them.
 *
 * - Left alone: what has a `Content-Encoding` already, `Cache-Control: no-transform`, parts (206, `Content-Range`), a digest
 *   of its bytes, types that do not shrink, events (`text/event-stream`), bodies below `threshold`, empty ones, upgrades.
 * - `Vary: Accept-Encoding` is on all that could have been compressed. A strong `ETag` becomes weak (§8.8.3.3), `Accept-Ranges`
 *   goes, and `Content-Length` is that of the compressed body, or gone where it is not known beforehand.
 * - A stream is sent as it comes: what its source has given goes out as soon as the source lets it wait. It is taken no
 *   faster than its client reads, and when the client leaves, it is released and so is the encoder. When it fails, the
 *   connection is broken off. When `maxStreams` are under way, it goes as it is.
 * - Texts and bytes of up to 16 KiB are compressed at once; longer ones on other threads, a few at a time. When 64 wait for
 *   that, the next ones go as they are; one whose client has left in the meantime is not compressed.
 * - `HEAD` has the headers of `GET`, but no `Content-Length`: nothing is compressed to find it out (§9.3.2).
 * - Without `node:zlib` there is gzip only, and streams are sent when enough has come together.
 *
 * Errors that are thrown are rendered further out, and go as they are. A secret and text of a client's in one compressed body
 * can be read off its length (BREACH): see the chapter on compression.
 *
 * Throws a `TypeError` or `RangeError` for options that are none.
 *
 * @example
 * ```ts
 * root.addLayerTo(_requestReceiver(new CompressionLayer()));
 * ```
 * Source: tower-http, `CompressionLayer`.
 */
export class CompressionLayer {
  readonly #encodings: readonly Encoding[];
  readonly #accepted: ReadAccepted;
  readonly #threshold: number;
  readonly #filter: CompressionFilter | undefined;
  readonly #maxStreams: number;

  constructor(options: CompressionOptions = {}) {
    assertOptions("CompressionLayer", options, OPTIONS);
    const { codings = DEFAULT_CODINGS, threshold, filter, maxStreams } = options;
    this.#encodings = encodingsFrom(codings);
    this.#accepted = acceptedReader(this.#encodings.map(({ coding }) => coding));
    this.#threshold = wholeNumberOption("CompressionLayer", "threshold", threshold, {
      least: 0,
      greatest: Number.MAX_SAFE_INTEGER,
      preset: 1_024,
    });
    this.#maxStreams = wholeNumberOption("CompressionLayer", "maxStreams", maxStreams, {
      least: 0,
      greatest: 1_000_000,
      preset: 64,
    });
    if (filter !== undefined && typeof filter !== "function") {
      throw new TypeError(
        `filter of CompressionLayer is a function, not ${describeValue(filter)}: write { filter: (context, response) => false }.`,
      );
    }
    this.#filter = filter;
  }

  wrap(handler: ResponseHandler): Handler {
    return asResponseHandler((context, args) =>
      chain(respondWith(handler(context, args), context), (response) => this.#negotiate(context, response)),
    );
  }

  #negotiate(context: RequestContext, response: LightResponse): MaybePromise<LightResponse> {
    const { status, headers } = response;
    if (status === 206) {
      addVary(headers, "accept-encoding");
      return response;
    }
    if (status === 304) {
      return this.#revalidated(context, response);
    }
    // A mounted app answers HEAD itself, and leaves out the body that it would have for GET.
    const isHeadOnly = response.isEmpty && context.method === "HEAD" && headers.has("content-type");
    const isWithoutBody = isBodiless(status) || (response.isEmpty && !isHeadOnly) || response.bodyUsed;
    if (isWithoutBody || mustStay(response)) {
      return response;
    }
    const verdict = this.#filter?.(context, response) ?? isOfCompressibleType(headers);
    if (!verdict) {
      return response;
    }
    addVary(headers, "accept-encoding");
    if (isHeadOnly && !headers.has("content-length")) {
      return response;
    }
    const encoding = this.#chosen(context, response);
    return encoding === undefined ? response : encoded(context, response, encoding);
  }

  #chosen(context: RequestContext, response: LightResponse): Encoding | undefined {
    const accepted = this.#accepted(context.header("accept-encoding"));
    const [best] = accepted;
    if (best === undefined || best === "identity") {
      return undefined;
    }
    const length = bodyLength(response);
    const isTooShort =
      length === 0 || (length !== undefined && length < this.#threshold && accepted.includes("identity"));
    const isTooMuch = response.wholePayload === null && !hasFreeEncoder(this.#maxStreams);
    return isTooShort || isTooMuch ? undefined : this.#encodings.find(({ coding }) => coding === best);
  }

  /**
   * The 304 of a layer further in does not say what the 200 would have been. If the client has what was sent with a weak tag,
   * a strong one would not find it (RFC 9111 §4.3.4); if it has the strong one, that was not compressed.
   */
  #revalidated(context: RequestContext, response: LightResponse): LightResponse {
    const { headers } = response;
    if (mustStay(response) || (headers.has("content-type") && !isOfCompressibleType(headers))) {
      return response;
    }
    addVary(headers, "accept-encoding");
    const etag = headers.get("etag");
    const known = context.header("if-none-match");
    const [best] = this.#accepted(context.header("accept-encoding"));
    if (best === undefined || best === "identity") {
      return response;
    }
    const isWeak = (tag: string) => tag.startsWith("W/") && matchesWeakly(tag, etag ?? "");
    if (etag !== null && known !== undefined && someEntityTag(known, isWeak)) {
      weakenEtag(headers);
    }
    return response;
  }
}

/** Throws a `RangeError` when nothing is left that this runtime can do. */
function encodingsFrom(option: EncodingOption | readonly EncodingOption[]): readonly Encoding[] {
  const encodings = encodingsOf(option);
  if (encodings.length === 0) {
    throw new RangeError(
      'codings of CompressionLayer has none that this runtime can compress in: write { codings: ["br", "gzip"] }.',
    );
  }
  return encodings;
}
