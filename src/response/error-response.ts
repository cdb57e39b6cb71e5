import { ArganiaError } from "../common/argania-error.ts";
import type { HeaderSource } from "./header-source.ts";
import { jsonText } from "./json-text.ts";
import { LightResponse } from "./light-response.ts";
import { prefersText } from "./prefers-text.ts";
import { reasonPhrase } from "./status-code.ts";
import { addVary } from "./vary.ts";

export interface ErrorResponseOptions extends ErrorOptions {
  /** Further headers of the response. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A cookie jar whose changes are sent with the error. */
  readonly cookies?: HeaderSource;
  /** Further members of the problem details (RFC 9457 §3.2). */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * An error that is also a response: it carries its status and renders itself.
 *
 * What is thrown passes outwards through the layers; one that nobody turns into a response is rendered by the
 * service. The message goes to the client: put nothing into it that the client must not know, use `cause` for that.
 *
 * @example
 * ```ts
 * class OutOfStockError extends ErrorResponse {
 *   readonly code = "OUT_OF_STOCK";
 *   readonly status = 409;
 * }
 * throw new OutOfStockError("No more lamps.");
 * ```
 */
export abstract class ErrorResponse extends ArganiaError implements HeaderSource {
  abstract readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly details: Readonly<Record<string, unknown>>;
  readonly #cookies: HeaderSource | undefined;

  constructor(message = "", options: ErrorResponseOptions = {}) {
    super(message, options);
    this.headers = options.headers ?? {};
    this.details = options.details ?? {};
    this.#cookies = options.cookies;
  }

  /**
   * Problem details (RFC 9457), or plain text for a client that would rather have text, with `Vary: Accept`.
   *
   * @param accept the request's `Accept`; without it problem details
   */
  intoResponse(accept?: string): LightResponse {
    // A subclass written in JavaScript may have forgotten its status; it is an error all the same.
    const status = this.status ?? 500;
    const title = reasonPhrase(status) || "Error";
    const response = prefersText(accept)
      ? LightResponse.of(this.message || title, "text/plain; charset=utf-8", status)
      : LightResponse.of(jsonText(this.#problem(title, status)) ?? null, "application/problem+json", status);
    this.appendTo(response.headers);
    // A 404 may be cached without a word about it (RFC 9111 §4.2.2), and another client would rather have the other one.
    addVary(response.headers, "Accept");
    return response;
  }

  /** Puts its headers and cookies on another response: `respond(error, html(page))` does, and takes its status, too. */
  appendTo(headers: Headers): void {
    for (const [name, value] of Object.entries(this.headers)) {
      headers.set(name, value);
    }
    this.#cookies?.appendTo(headers);
  }

  #problem(title: string, status: number): Record<string, unknown> {
    const detail = this.message === "" || this.message === title ? {} : { detail: this.message };
    return { type: "about:blank", ...this.details, title, ...detail, status, code: this.code };
  }
}

/** Any status with a message of one's own, for errors that need no class. */
export class ResponseError extends ErrorResponse {
  readonly code: string;
  readonly status: number;

  /**
   * @param status 400 to 599, else a `RangeError`
   * @param message sent to the client
   */
  constructor(status: number, message = "", options: ErrorResponseOptions & { readonly code?: string } = {}) {
    if (!Number.isInteger(status) || status < 400 || status > 599) {
      throw new RangeError(`Invalid status ${inWords(status)} for an error: ${adviceFor(message)}.`);
    }
    super(message, options);
    this.status = status;
    this.code = options.code ?? "ARGANIA_RESPONSE";
  }
}

function inWords(status: unknown): string {
  return typeof status === "string" ? JSON.stringify(status) : String(status);
}

function adviceFor(message: unknown): string {
  return typeof message === "number"
    ? `the status comes first, as in new ResponseError(${message}, "…")`
    : 'use 400 to 599, as in new ResponseError(404, "…")';
}
