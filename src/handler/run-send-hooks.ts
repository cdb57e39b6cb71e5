import { isPromiseLike } from "../common/maybe-promise.ts";
import type { SendHook } from "../request/answer-hooks.ts";
import { RequestContext } from "../request/request-context.ts";
import type { LightResponse } from "../response/light-response.ts";

/** Whether something is to be done before the answer to this request is sent. */
export function hasSendHooks(context: RequestContext): boolean {
  return RequestContext.hooksOf(context)?.sendHooks !== undefined;
}

/** Runs what `context.beforeSend` was given, the last one first. A hook that throws is not run again. */
export function runSendHooks(context: RequestContext, response: LightResponse): LightResponse {
  runFrom(RequestContext.hooksOf(context)?.sendHooks, response, (error) => {
    throw error;
  });
  return response;
}

/** The same on an error's own response, which has to be sent whatever happens. */
export function runSendHooksOnError(
  context: RequestContext | undefined,
  response: LightResponse,
  report: (error: unknown) => void,
): LightResponse {
  if (context !== undefined) {
    runFrom(RequestContext.hooksOf(context)?.sendHooks, response, report);
  }
  return response;
}

function runFrom(
  hooks: SendHook[] | undefined,
  response: LightResponse,
  onError: (error: unknown) => void,
): void {
  for (let index = (hooks?.length ?? 0) - 1; index >= 0; index--) {
    try {
      refusePromise(hooks?.[index]?.(response));
    } catch (error) {
      hooks?.splice(index, 1);
      onError(error);
    }
  }
}

/** The head is written before a promise is settled: what the hook changes then would be lost. */
function refusePromise(returned: unknown): void {
  if (isPromiseLike(returned)) {
    Promise.resolve(returned).catch(() => {});
    throw new TypeError(
      "A hook of beforeSend returned a promise, which nothing waits for: do asynchronous work in a layer, before it returns the response.",
    );
  }
}
