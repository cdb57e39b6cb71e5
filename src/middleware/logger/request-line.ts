import { byteLength } from "../../common/byte-length.ts";
import { isPromiseLike } from "../../common/maybe-promise.ts";
import { ExtensionKey } from "../../request/extensions.ts";
import { RequestContext } from "../../request/request-context.ts";
import type { RequestOutcome } from "../../request/request-outcome.ts";
import { ErrorResponse } from "../../response/error-response.ts";
import type { LightResponse } from "../../response/light-response.ts";
import { isBodiless } from "../../response/status-code.ts";
import { newRequestId, requestIdKey } from "../request-id.ts";
import { errorEntry } from "./error-entry.ts";
import type { LoggerSettings } from "./logger-options.ts";
import { LOG_LEVELS, type LogLevel, type PinoLogger } from "./pino-logger.ts";
import { printable } from "./printable.ts";
import { headersEntry, queryEntry } from "./redaction.ts";
import type { RequestEntry } from "./request-entry.ts";

/** Where a request has its line, from the outermost `LoggerLayer` on. */
export const requestLineKey: ExtensionKey<RequestLine> = /* @__PURE__ */ new ExtensionKey("request line");

const LONGEST_PATH = 2_000;
const LONGEST_AGENT = 500;

/** The one line of a request, until it is written. */
export class RequestLine {
  readonly #settings: LoggerSettings;
  readonly #context: RequestContext;
  readonly #startedAt: number = performance.now();
  /** Asked for now: a connection that has ended does not know it any more. */
  readonly #peer: string;
  readonly #isIgnored: boolean;
  #isWritten = false;
  #otherwise: (() => void) | undefined = undefined;
  #thrown: { readonly error: unknown } | null = null;
  #response: LightResponse | null = null;
  #bytes: number | undefined = undefined;
  #logger: PinoLogger | undefined = undefined;

  constructor(settings: LoggerSettings, context: RequestContext) {
    this.#settings = settings;
    this.#context = context;
    this.#isIgnored = isIgnored(settings, context);
    this.#peer = this.#isIgnored ? "" : context.peerAddress;
    if (!this.#isIgnored) {
      this.#follow(context);
    }
  }

  /** A logger that puts the id of the request on each line. */
  get logger(): PinoLogger {
    this.#logger ??= this.#settings.logger.child({ requestId: this.#requestId });
    return this.#logger;
  }

  /** Keeps what passes through the layer, which somebody further out may make a response of. */
  noteThrown(error: unknown): void {
    this.#thrown = { error };
  }

  /**
   * Whether the line takes over to tell of an error that has reached the service.
   *
   * @param otherwise called when the line turns out not to be written, since its level is "silent" or not enabled
   */
  takes(error: unknown, otherwise: () => void): boolean {
    const failure = RequestContext.hooksOf(this.#context)?.failure;
    if (this.#isWritten || this.#isIgnored || failure == null || !Object.is(failure.error, error)) {
      return false;
    }
    this.#otherwise = otherwise;
    return true;
  }

  get #requestId(): string {
    const { extensions } = this.#context;
    let id = extensions.get(requestIdKey);
    if (id === undefined) {
      id = newRequestId();
      extensions.set(requestIdKey, id);
    }
    return id;
  }

  #follow(context: RequestContext): void {
    const { bytes, responseHeaders } = this.#settings;
    if (bytes || responseHeaders !== null) {
      context.beforeSend((response) => {
        this.#response = response as LightResponse;
        // Once it is sent there is no body to ask.
        this.#bytes = bytes ? lengthOf(context.method, this.#response) : undefined;
      });
    }
    context.afterSend((outcome) => {
      this.#isWritten = true;
      carefully(() => this.#write(outcome));
    });
  }

  #write(outcome: RequestOutcome): unknown {
    const { logger, levelOf } = this.#settings;
    const isFailure = (outcome.status ?? 0) >= 500 || isBroken(outcome);
    const preset = isFailure ? "error" : isRefusal(outcome) ? "warn" : "info";
    if (levelOf === undefined && logger.isLevelEnabled?.(preset) === false) {
      return this.#otherwise?.();
    }
    const entry = this.#entry(outcome);
    const level = levelOf === undefined ? preset : chosenLevel(levelOf, entry, preset);
    if (level === "silent" || logger.isLevelEnabled?.(level) === false) {
      return this.#otherwise?.();
    }
    return logger[level]({ ...entry, ...this.#furtherFields(entry) }, messageOf(entry, isFailure));
  }

  #entry(outcome: RequestOutcome): RequestEntry {
    const { query, headers, responseHeaders, userAgent } = this.#settings;
    const context = this.#context;
    const response = this.#response;
    const agent = userAgent ? context.header("user-agent") : undefined;
    const length = this.#bytes;
    const error = outcome.error === undefined ? this.#thrown : { error: outcome.error };
    return {
      requestId: this.#requestId,
      method: context.method,
      path: printable(context.path, LONGEST_PATH),
      ...(query !== false && context.search !== "" && { query: queryEntry(context.query, query) }),
      host: context.host,
      route: context.routePattern,
      status: outcome.status,
      duration: Math.round((performance.now() - this.#startedAt) * 1000) / 1000,
      ...(length !== undefined && { bytes: length }),
      peer: this.#peer === "" ? undefined : this.#peer,
      ...(agent !== undefined && { userAgent: printable(agent, LONGEST_AGENT) }),
      ...(headers !== null && { headers: headersEntry(context.headers, headers) }),
      ...(responseHeaders !== null &&
        response !== null && { responseHeaders: headersEntry(response.headers, responseHeaders) }),
      ...(isAborted(outcome) && { aborted: true }),
      ...(error !== null && { error: errorEntry(error.error) }),
    };
  }

  #furtherFields(entry: RequestEntry): Readonly<Record<string, unknown>> {
    try {
      return this.#settings.fields?.(this.#context, entry) ?? {};
    } catch (error) {
      return { fieldsError: errorEntry(error) };
    }
  }
}

/** One that cannot be asked is not ignored. */
function isIgnored({ isIgnored }: LoggerSettings, context: RequestContext): boolean {
  try {
    return isIgnored?.(context) === true;
  } catch {
    return false;
  }
}

/** Whether a response failed on its way. One that refuses a client (4xx) is not what failed: the client has gone. */
function isBroken({ status = 400, isComplete, error }: RequestOutcome): boolean {
  const isRefusal = status >= 400 && error instanceof ErrorResponse && error.status < 500;
  return !isComplete && error !== undefined && !isRefusal;
}

function isAborted(outcome: RequestOutcome): boolean {
  return !outcome.isComplete && !isBroken(outcome);
}

function isRefusal(outcome: RequestOutcome): boolean {
  return !isAborted(outcome) && (outcome.status ?? 0) >= 400;
}

function messageOf({ aborted, status }: RequestEntry, isFailure: boolean): string {
  return isFailure
    ? "request failed"
    : aborted === true
      ? "request aborted"
      : (status ?? 0) >= 400
        ? "request refused"
        : "request completed";
}

function chosenLevel(
  levelOf: (entry: RequestEntry) => LogLevel,
  entry: RequestEntry,
  preset: LogLevel,
): LogLevel {
  try {
    const level = levelOf(entry);
    return LOG_LEVELS.includes(level) ? level : preset;
  } catch {
    return preset;
  }
}

function lengthOf(method: string, response: LightResponse): number | undefined {
  const whole = response.wholePayload;
  if (method === "HEAD" || isBodiless(response.status) || (whole === null && response.isEmpty)) {
    return 0;
  }
  const declared = response.headers.get("content-length");
  return whole !== null
    ? byteLength(whole)
    : declared === null || !/^\d{1,15}$/.test(declared)
      ? undefined
      : Number(declared);
}

/** A logger that fails must take neither the request nor the process with it. */
export function carefully(log: () => unknown): void {
  try {
    const pending = log();
    if (isPromiseLike(pending)) {
      Promise.resolve(pending).catch(() => {});
    }
  } catch {
    // Nothing is left to tell it to.
  }
}
