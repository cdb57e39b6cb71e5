import { withoutStack } from "../common/argania-error.ts";
import { describeValue } from "../common/describe-value.ts";
import { UnsupportedMediaTypeError } from "../data/body-errors.ts";
import type { Handler, ResponseHandler } from "../handler/handler.ts";
import { asResponseHandler } from "../handler/layer.ts";
import { RequestContext } from "../request/request-context.ts";
import {
  availableDecoders,
  CONTENT_CODINGS,
  type ContentCoding,
  type Decode,
  parseContentEncoding,
} from "./decompression/content-codings.ts";
import { DecodedSource } from "./decompression/decoded-source.ts";

export interface RequestDecompressionOptions {
  /** The codings that are taken; all that the runtime can decode by default. */
  readonly codings?: readonly ContentCoding[];
}

/** How many codings one body may have. Each one takes memory and time, and nobody needs more than one. */
const MOST_CODINGS = 2;

/**
 * Decodes compressed bodies of requests (`Content-Encoding`, RFC 9110 §8.4) for everything inside of it: extractors,
 * `context.body` and `context.request` see the decoded body, and no `Content-Encoding` and `Content-Length`. Without this layer
 * extractors refuse compressed bodies (415).
 *
 * - Taken are `gzip` (and `x-gzip`), `deflate` (in the format of zlib, as the RFC has it), `br`, and `zstd` where Node has it
 *   (22.15, 23.8 and later). Where there is no `node:zlib` these are `gzip` and `deflate`. One after the other there may be two.
 * - Limits such as {@link bodyLimit} count decoded bytes, and decoding stops as soon as there are too many: 413
 *   (`ARGANIA_BODY_LIMIT`). Who reads `context.body` must count as for any other body.
 * - Another coding is a 415 (`ARGANIA_UNSUPPORTED_MEDIA_TYPE`) that lists those that are taken in `Accept-Encoding`. A body
 *   that is corrupt, cut short, or followed by anything else is a 400 (`ARGANIA_CONTENT_ENCODING`).
 *
 * Throws a `TypeError` for options that are none, a `RangeError` for a coding that the runtime cannot decode.
 *
 * @example
 * ```ts
 * root.addLayerTo(_requestReceiver(new RequestDecompressionLayer()));
 * ```
 * Source: tower-http, `RequestDecompressionLayer`.
 */
export class RequestDecompressionLayer {
  readonly #decoders: ReadonlyMap<string, Decode>;

  constructor(options: RequestDecompressionOptions = {}) {
    this.#decoders = chosenDecoders(options);
  }

  wrap(handler: ResponseHandler): Handler {
    return asResponseHandler((context, args) => {
      const header = context.header("content-encoding");
      if (header !== undefined) {
        this.#decode(context, parseContentEncoding(header));
      }
      return handler(context, args);
    });
  }

  #decode(context: RequestContext, codings: readonly string[]): void {
    const decoders = codings.flatMap((coding) => this.#decoders.get(coding) ?? []).reverse();
    if (decoders.length < codings.length || decoders.length > MOST_CODINGS) {
      throw withoutStack(
        () =>
          new UnsupportedMediaTypeError("The body is compressed in a way that is not supported.", {
            headers: { "accept-encoding": [...this.#decoders.keys()].join(", ") },
          }),
      );
    }
    if (decoders.length > 0) {
      RequestContext.replaceSource(context, (source) => new DecodedSource(source, decoders));
    }
  }
}

function chosenDecoders(options: RequestDecompressionOptions): ReadonlyMap<ContentCoding, Decode> {
  const { codings, ...unknown } = checkedOptions(options);
  const [name] = Object.keys(unknown);
  if (name !== undefined) {
    throw new TypeError(`RequestDecompressionLayer has no option "${name}": write { codings: ["gzip"] }.`);
  }
  const available = availableDecoders();
  if (codings === undefined) {
    return available;
  }
  if (!Array.isArray(codings) || codings.length === 0) {
    throw new TypeError('codings is an array of at least one coding: write { codings: ["gzip"] }.');
  }
  return new Map(codings.map((coding: ContentCoding) => [coding, decoderOf(coding, available)]));
}

function checkedOptions(options: unknown): RequestDecompressionOptions {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(
      `RequestDecompressionLayer takes an object, not ${describeValue(options)}: write { codings: ["gzip"] }.`,
    );
  }
  return options;
}

function decoderOf(coding: ContentCoding, available: ReadonlyMap<ContentCoding, Decode>): Decode {
  const decode = available.get(coding);
  if (decode !== undefined) {
    return decode;
  }
  if (!CONTENT_CODINGS.includes(coding)) {
    throw new TypeError(
      `There is no coding ${JSON.stringify(coding)}: write one of ${CONTENT_CODINGS.join(", ")}.`,
    );
  }
  throw new RangeError(`This runtime cannot decode ${coding}; it has ${[...available.keys()].join(", ")}.`);
}
