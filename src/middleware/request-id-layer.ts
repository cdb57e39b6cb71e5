import { assertOptions, wholeNumberOption } from "../common/assert-options.ts";
import { describeValue } from "../common/describe-value.ts";
import type { Handler, ResponseHandler } from "../handler/handler.ts";
import { asResponseHandler } from "../handler/layer.ts";
import { parseIpRanges } from "../request/ip-range.ts";
import { RequestContext } from "../request/request-context.ts";
import { newRequestId, requestIdKey } from "./request-id.ts";

export interface RequestIdOptions {
  /** The header that the id comes in and goes out with; "x-request-id" by default. */
  readonly header?: string;
  /**
   * Whose ids are taken over; nobody's by default, so that each request gets a new one.
   *
   * - `true`: everybody's. Clients then choose the ids, also ones that others have.
   * - `"proxies"`: those of the service's trusted proxies (`intoService({ trustedProxies })`).
   * - addresses, blocks and names as for trusted proxies: of connections from there, `["10.0.0.0/8"]`.
   * - a function that says it of a request.
   */
  readonly trust?: boolean | "proxies" | readonly string[] | ((context: RequestContext) => boolean);
  /** Makes an id; a random UUID by default. What it returns must be such as is taken over, or the request is a 500. */
  readonly generate?: (context: RequestContext) => string;
  /** Whether the answer has the id, errors included; true by default. */
  readonly respond?: boolean;
  /** How many characters an id that is taken over has at most, from 1 to 1,024; 128 by default. */
  readonly maxLength?: number;
}

const NAMES = ["header", "trust", "generate", "respond", "maxLength"];

/** A token (RFC 9110 §5.6.2). */
const FIELD_NAME = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;

/** What ids are made of: UUIDs, ULIDs, Base64, trace ids of clouds. No spaces, quotes or brackets: ids end up in logs. */
const ID = /^[\w.~+/=:;@-]+$/;

/**
 * Gives each request an id: the one that it comes with if its sender is trusted, else a new one. It is kept under
 * {@link requestIdKey} (`requestId(context)`), and sent back in the same header, with errors, too.
 *
 * An id that is taken over has 1 to `maxLength` letters, digits and `-._~+/=:;@`; with any other the request gets a new one. The
 * request's own headers stay as they came. Where one of these layers is inside of another, the outer one's id counts.
 *
 * Throws a `TypeError`, a `RangeError` or an `IpRangeError` (`ARGANIA_IP_RANGE`) for wrong options.
 *
 * @example
 * ```ts
 * router.addLayerTo(_requestPasser(new RequestIdLayer({ trust: ["10.0.0.0/8"] })));
 * ```
 * Source: tower-http, `SetRequestIdLayer` and `PropagateRequestIdLayer`.
 */
export class RequestIdLayer {
  readonly #header: string;
  readonly #isTrusted: ((context: RequestContext) => boolean) | null;
  readonly #generate: (context: RequestContext) => string;
  readonly #responds: boolean;
  readonly #maxLength: number;

  constructor(options: RequestIdOptions = {}) {
    assertOptions("RequestIdLayer", options, NAMES);
    const { header = "x-request-id", trust = false, generate = newRequestId, respond = true } = options;
    if (typeof header !== "string" || !FIELD_NAME.test(header)) {
      throw new TypeError(
        `header of RequestIdLayer is the name of a header, such as "x-request-id", not ${typeof header === "string" ? JSON.stringify(header) : describeValue(header)}.`,
      );
    }
    if (typeof generate !== "function") {
      throw new TypeError(
        `generate of RequestIdLayer is a function that returns an id, not ${describeValue(generate)}.`,
      );
    }
    if (typeof respond !== "boolean") {
      throw new TypeError(`respond of RequestIdLayer is true or false, not ${describeValue(respond)}.`);
    }
    this.#header = header.toLowerCase();
    this.#isTrusted = trustOf(trust);
    this.#generate = generate;
    this.#responds = respond;
    const limits = { least: 1, greatest: 1024, preset: 128 };
    this.#maxLength = wholeNumberOption("RequestIdLayer", "maxLength", options.maxLength, limits);
  }

  wrap(handler: ResponseHandler): Handler {
    return asResponseHandler((context, args) => {
      const id = context.extensions.get(requestIdKey) ?? this.#idOf(context);
      context.extensions.set(requestIdKey, id);
      if (this.#responds) {
        context.beforeSend(({ headers }) => headers.set(this.#header, id));
      }
      return handler(context, args);
    });
  }

  #idOf(context: RequestContext): string {
    if (this.#isTrusted?.(context) === true) {
      const id = context.header(this.#header);
      if (id !== undefined && id.length <= this.#maxLength && ID.test(id)) {
        return id;
      }
    }
    if (this.#generate === newRequestId) {
      return newRequestId();
    }
    const id: unknown = this.#generate(context);
    if (typeof id !== "string" || !ID.test(id)) {
      throw new TypeError(
        "generate of RequestIdLayer returned no id: an id is a string of letters, digits and -._~+/=:;@.",
      );
    }
    return id;
  }
}

function trustOf(trust: unknown): ((context: RequestContext) => boolean) | null {
  if (typeof trust === "boolean") {
    return trust ? () => true : null;
  }
  if (trust === "proxies") {
    return (context) => RequestContext.routeOf(context).forwarded !== null;
  }
  if (typeof trust === "function") {
    return trust as (context: RequestContext) => boolean;
  }
  if (Array.isArray(trust)) {
    const peers = parseIpRanges(trust as readonly string[]);
    // Not `peerAddress`: that is the client's, which is further away than the proxy that writes ids.
    return (context) => peers.contains(RequestContext.sourceOf(context).remoteAddress);
  }
  throw new TypeError(
    `trust of RequestIdLayer is true, false, "proxies", an array of addresses, or a function, not ${describeValue(trust)}.`,
  );
}
