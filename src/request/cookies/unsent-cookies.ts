import { nodeEnvironment } from "../../common/node-environment.ts";
import type { OutcomeHook } from "../request-outcome.ts";

/** A request as far as a warning needs it. */
export interface ObservedRequest {
  readonly method: string;
  readonly routePattern: string | undefined;
  afterSend(hook: OutcomeHook): void;
}

/** The part of the platform that tells developers of mistakes; every runtime but Workers has `emitWarning`. */
interface ProcessLike {
  emitWarning?(message: string, options: { readonly code: string }): void;
}

const CODE = "ARGANIA_UNSENT_COOKIES";

/** Where there has been a warning already. */
const warned = new Set<string>();
let isOff: boolean | undefined;

/**
 * Warns, once for each route, when a request is over and the changes of its jar are in no response, as those who know other
 * frameworks expect. Of an error nothing is said: what was set before it may well be forgotten. Where `NODE_ENV` is
 * "production" nothing is watched.
 */
export function watchCookies(request: ObservedRequest, isSent: () => boolean): void {
  isOff ??= nodeEnvironment() === "production";
  if (isOff) {
    return;
  }
  // Not the path, of which clients may ask for any number.
  const place = request.routePattern ?? "of what no resource answers";
  if (warned.has(place)) {
    return;
  }
  request.afterSend(({ status = 500, isComplete, error }) => {
    if (isComplete && error === undefined && status < 400 && !isSent() && !warned.has(place)) {
      warned.add(place);
      warn(
        `${request.method} ${place} changed cookies that were not sent: no response was given the jar. Write respond(context.cookies(), body), or add a layer that sends what all handlers inside of it change: around(async (context, next) => context.cookies().applyTo(await next())).`,
      );
    }
  });
}

function warn(message: string): void {
  const { emitWarning } = platform() ?? {};
  if (emitWarning === undefined) {
    console.warn(`[argania] ${message}`);
  } else {
    emitWarning(message, { code: CODE });
  }
}

function platform(): ProcessLike | undefined {
  return (globalThis as { readonly process?: ProcessLike }).process;
}
