import { describeValue } from "../../common/describe-value.ts";
import type { RequestContext } from "../../request/request-context.ts";
import { WebSocketOptionError } from "./web-socket-errors.ts";

/**
 * Whether a page may open the WebSocket.
 *
 * @param origin as its browser says, or `undefined` for a client that is no browser
 */
export type OriginCheck = (
  origin: string | undefined,
  context: RequestContext<object>,
) => boolean | Promise<boolean>;

/**
 * How messages are compressed (RFC 7692). Each is compressed by itself, and no more than ten at a time: connections that
 * say nothing hold no memory for it.
 */
export interface CompressionOptions {
  /** Messages that are shorter, in bytes, are sent as they are. Default 1,024. */
  readonly threshold?: number;
  /** 1 (fast) to 9 (small). Default 6. */
  readonly level?: number;
}

export interface WebSocketOptions {
  /**
   * Which pages may open the WebSocket. `"same"` (the default) are those of the host that the request names, over HTTPS
   * only if the request came over HTTPS; further ones can be listed: `["same", "https://app.example.com"]`. Clients that send no
   * `Origin`, which are no browsers, are let in; only a function decides on them, too. `"any"` checks nothing: then
   * any page can act with the cookies of its visitors.
   */
  readonly origins?: "same" | "any" | readonly string[] | OriginCheck;
  /** The subprotocols that are spoken here. Of those that the client offers, the first one that is spoken here is chosen; there may be none. */
  readonly protocols?: readonly string[];
  /** Chooses one of the subprotocols that the client offers, in place of `protocols`; `undefined` for none. */
  readonly selectProtocol?: (
    offered: readonly string[],
    context: RequestContext<object>,
  ) => string | undefined;
  /** The longest message, in bytes, uncompressed; a longer one closes with 1009. Default 1 MiB. */
  readonly maxMessageBytes?: number;
  /** In how many frames a message may come; with more of them the connection closes with 1008. Default 1,024. */
  readonly maxFragments?: number;
  /**
   * After how many milliseconds without a byte from the client the connection closes with 1001. A client that is
   * there answers the ping that it gets after half of them. 0 is never. Default 30,000.
   */
  readonly idleTimeout?: number;
  /** How long the client may take to answer a close frame, in milliseconds. Default 5,000. */
  readonly closeTimeout?: number;
  /**
   * How many bytes may wait to be sent when more is sent, which can only happen when `send` is not awaited; beyond it the
   * connection is cut off. Default 16 MiB.
   */
  readonly maxBufferedBytes?: number;
  /** Compresses messages with clients that can (permessage-deflate). Default `false`. */
  readonly compression?: boolean | CompressionOptions;
}

/** All options, with their defaults. */
export interface WebSocketSettings
  extends Required<Omit<WebSocketOptions, "selectProtocol" | "compression">> {
  readonly selectProtocol: WebSocketOptions["selectProtocol"];
  readonly compression: Required<CompressionOptions> | null;
}

const LARGEST = 2 ** 30;

/** The least, the greatest and the default value. */
const NUMBERS = {
  maxMessageBytes: [1, LARGEST, 1_048_576],
  maxFragments: [1, LARGEST, 1_024],
  idleTimeout: [0, LARGEST, 30_000],
  closeTimeout: [1, LARGEST, 5_000],
  maxBufferedBytes: [0, LARGEST, 16_777_216],
} as const;

const COMPRESSION = { threshold: [0, LARGEST, 1_024], level: [1, 9, 6] } as const;

const OTHERS = ["origins", "protocols", "selectProtocol", "compression"] as const;

/** RFC 9110 §5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;

/** A serialized origin (RFC 6454 §6.2): no path, not even a slash, and in lower case as browsers send it. */
const ORIGIN = /^(?:same|null|[a-z][a-z\d+.-]*:\/\/[^/?#\s,A-Z]+)$/;

/** Puts options over the defaults; throws a `WebSocketOptionError` (`ARGANIA_WEBSOCKET_OPTION`) for what is none. */
export function settingsOf(options: WebSocketOptions): WebSocketSettings {
  if (typeof options !== "object" || options === null) {
    throw new WebSocketOptionError(`webSocketUpgrade takes an object, not ${describeValue(options)}.`);
  }
  assertNames(options, [...OTHERS, ...Object.keys(NUMBERS)], "webSocketUpgrade");
  const { origins = "same", protocols = [], selectProtocol, compression = false } = options;
  assertOrigins(origins);
  assertProtocols(protocols);
  if (selectProtocol !== undefined && (typeof selectProtocol !== "function" || protocols.length > 0)) {
    throw new WebSocketOptionError(
      "selectProtocol is a function that takes the place of protocols: give one of them.",
    );
  }
  return {
    ...numbersOf(options, NUMBERS),
    origins,
    protocols: [...protocols],
    selectProtocol,
    compression: compressionOf(compression),
  };
}

function compressionOf(compression: unknown): Required<CompressionOptions> | null {
  if (typeof compression === "boolean") {
    return compression ? numbersOf({}, COMPRESSION) : null;
  }
  if (typeof compression !== "object" || compression === null) {
    throw new WebSocketOptionError(
      `compression is true, false or an object, not ${describeValue(compression)}.`,
    );
  }
  assertNames(compression, Object.keys(COMPRESSION), "compression");
  return numbersOf(compression, COMPRESSION);
}

function assertNames(options: object, known: readonly string[], where: string): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new WebSocketOptionError(`${where} has no option "${unknown}". Options are ${known.join(", ")}.`);
  }
}

function numbersOf<Name extends string>(
  options: object,
  ranges: Readonly<Record<Name, readonly [number, number, number]>>,
): Record<Name, number> {
  const numbers = {} as Record<Name, number>;
  for (const [name, [least, greatest, usual]] of Object.entries(ranges) as [Name, readonly number[]][]) {
    const value: unknown = (options as Partial<Record<Name, unknown>>)[name] ?? usual;
    if (
      !Number.isInteger(value) ||
      (value as number) < (least as number) ||
      (value as number) > (greatest as number)
    ) {
      const given = typeof value === "number" ? String(value) : describeValue(value);
      throw new WebSocketOptionError(`${name} is an integer from ${least} to ${greatest}, not ${given}.`);
    }
    numbers[name] = value as number;
  }
  return numbers;
}

function assertOrigins(origins: unknown): void {
  const isKnown =
    origins === "same" ||
    origins === "any" ||
    typeof origins === "function" ||
    (Array.isArray(origins) && origins.every((one) => typeof one === "string" && ORIGIN.test(one)));
  if (!isKnown) {
    throw new WebSocketOptionError(
      'origins is "same", "any", a function, or a list such as ["same", "https://app.example.com"]: each a scheme, a host in lower case and perhaps a port, without a path.',
    );
  }
}

function assertProtocols(protocols: unknown): void {
  const isList =
    Array.isArray(protocols) && protocols.every((one) => typeof one === "string" && TOKEN.test(one));
  if (!isList || new Set(protocols).size !== protocols.length) {
    throw new WebSocketOptionError(
      'protocols is a list of different tokens, such as ["chat.v2", "chat.v1"] (RFC 6455 §4.1).',
    );
  }
}
