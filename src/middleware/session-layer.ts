import { describeValue } from "../common/describe-value.ts";
import { isPromiseLike, type MaybePromise } from "../common/maybe-promise.ts";
import type { Handler, ResponseHandler } from "../handler/handler.ts";
import { asResponseHandler, type WrappingLayer } from "../handler/layer.ts";
import type { LightResponse } from "../response/light-response.ts";
import { discardResult } from "../response/node-send.ts";
import { HandlerTimeoutError } from "../response/routing-errors.ts";
import { SessionDefinition } from "./session/define-session.ts";
import type { SessionExchange } from "./session/session-exchange.ts";

/**
 * Lets everything inside of it use a session, and keeps the session when it is left: with a response, an error or a
 * redirect alike, and with `Vary: Cookie` and, unless the handler says otherwise, `Cache-Control: private, no-cache`. A
 * request that does not ask for the session costs next to nothing and gets none of these.
 *
 * What a handler changes that takes too long (a `HandlerTimeoutError`) is not kept. Errors, which clients see as a 500: `SessionError`
 * (`ARGANIA_SESSION`) for a session that is too large for a cookie, does not fit its schema or is changed too late, and for two sessions with one
 * cookie;
 * `MissingCookieKeyError` (`ARGANIA_MISSING_COOKIE_KEY`).
 *
 * Throws a `TypeError` for what `defineSession` did not make.
 *
 * @example
 * ```ts
 * const session = defineSession<{ userId: string }>();
 * root.setProperty(cookieKey.to(CookieKey.from(process.env.COOKIE_SECRET)));
 * root.addLayerTo(_requestReceiver(new SessionLayer(session)));
 * ```
 * Source: axum-session's `SessionLayer`, as Loco's initializers have it.
 */
export class SessionLayer implements WrappingLayer {
  readonly #definition: SessionDefinition;

  constructor(definition: SessionDefinition) {
    if (!(definition instanceof SessionDefinition)) {
      throw new TypeError(
        `SessionLayer takes a session, not ${describeValue(definition)}: write new SessionLayer(defineSession()).`,
      );
    }
    this.#definition = definition;
  }

  wrap(handler: ResponseHandler): Handler {
    const definition = this.#definition;
    return asResponseHandler((context, args) => {
      const exchange = SessionDefinition.enter(definition, context);
      let answer: MaybePromise<LightResponse>;
      try {
        answer = handler(context, args);
      } catch (error) {
        return leaveWithError(exchange, error);
      }
      return isPromiseLike(answer)
        ? (answer as Promise<LightResponse>).then(
            (response) => leave(exchange, response),
            (error: unknown) => leaveWithError(exchange, error),
          )
        : leave(exchange, answer as LightResponse);
    });
  }
}

function leave(exchange: SessionExchange, response: LightResponse): MaybePromise<LightResponse> {
  const discard = (error: unknown): never => {
    discardResult(response);
    throw error;
  };
  try {
    const kept = exchange.leave();
    return isPromiseLike(kept) ? (kept as Promise<void>).then(() => response, discard) : response;
  } catch (error) {
    return discard(error);
  }
}

/** The error goes on outwards; one of the session's joins it, so that none of them is lost. */
function leaveWithError(exchange: SessionExchange, error: unknown): MaybePromise<never> {
  const fail = (): never => {
    throw error;
  };
  if (error instanceof HandlerTimeoutError) {
    // Its handler is still at work: what it has changed is half of something.
    exchange.abandon();
    return fail();
  }
  const failWith = (another: unknown): never => {
    throw new AggregateError([error, another], "A handler failed, and its session could not be kept.");
  };
  let kept: MaybePromise<void>;
  try {
    kept = exchange.leave();
  } catch (another) {
    return failWith(another);
  }
  return isPromiseLike(kept) ? (kept as Promise<void>).then(fail, failWith) : fail();
}
