import { ArganiaError } from "../../common/argania-error.ts";
import { ErrorResponse } from "../../response/error-response.ts";

/** What middleware of Express puts on its errors for the client to see: those of `http-errors` have it. */
interface HttpError {
  readonly status?: unknown;
  readonly statusCode?: unknown;
  readonly headers?: unknown;
  readonly expose?: unknown;
  readonly message?: unknown;
}

/**
 * A middleware failed with an error that has a status, as body parsers do for a body that is too long or malformed, and
 * `next(createError(403))` does. `cause` is that error. Its message and its headers go to the client as Express has it:
 * the message when `expose` says so.
 */
export class ConnectMiddlewareError extends ErrorResponse {
  readonly code = "ARGANIA_CONNECT_MIDDLEWARE";
  readonly status: number;

  constructor(status: number, cause: HttpError) {
    const message = cause.expose === true && typeof cause.message === "string" ? cause.message : "";
    super(message, { cause, headers: headersOf(cause.headers) });
    this.status = status;
  }
}

/** What is thrown for what middleware has failed with. */
export function errorOf(error: unknown): unknown {
  try {
    if (typeof error !== "object" || error === null || error instanceof ArganiaError) {
      return error;
    }
    const { status, statusCode } = error as HttpError;
    const given = typeof status === "number" ? status : statusCode;
    return isErrorStatus(given) ? new ConnectMiddlewareError(given, error) : error;
  } catch (unreadable) {
    // An error that throws when it is looked at: this runs in a callback, where nobody would catch that.
    return unreadable;
  }
}

/**
 * Whether body parsers fail since the client has left in the middle of its body: then nothing is wrong, and no client is to
 * fill the log with it. Those of `raw-body` and multer have no more in common than their message.
 */
export function isOfGoneClient(error: unknown, request: { readonly aborted?: boolean }): boolean {
  return request.aborted === true && error instanceof Error && /^request aborted$/i.test(error.message);
}

/** What whoever waits for such a body is told. */
export function clientGone(): DOMException {
  return new DOMException("The connection was closed.", "AbortError");
}

/** What middleware has failed with, for other middleware. */
export function originalOf(error: unknown): unknown {
  return error instanceof ConnectMiddlewareError ? error.cause : error;
}

function isErrorStatus(status: unknown): status is number {
  return typeof status === "number" && Number.isInteger(status) && status >= 400 && status <= 599;
}

function headersOf(headers: unknown): Record<string, string> {
  const list = typeof headers === "object" && headers !== null ? Object.entries(headers) : [];
  return Object.fromEntries(list.map(([name, value]) => [name, String(value)]));
}

/** Whether it is only what a handler ends with that was told to: nothing is wrong with it. */
export function isCancelled(error: unknown, { aborted, reason }: AbortSignal): boolean {
  return aborted && (error === reason || (error as Partial<Error> | null | undefined)?.name === "AbortError");
}
