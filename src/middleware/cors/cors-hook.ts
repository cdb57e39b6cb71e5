import type { LightHeaders } from "../../common/light-headers.ts";
import type { SendHook } from "../../request/answer-hooks.ts";
import { RequestContext } from "../../request/request-context.ts";
import { SWITCHING_PROTOCOLS } from "../../response/upgrade-response.ts";
import { addVary } from "../../response/vary.ts";

const IS_CORS: unique symbol = Symbol("CORS");

/** A hook that gives a response the headers of a policy. */
export interface CorsHook extends SendHook {
  /** Whether the layer that it comes from has been reached. */
  readonly [IS_CORS]: boolean;
}

/** @param list names and values in turn; they take the place of what a handler has set */
export function corsHook(list: readonly string[]): CorsHook {
  const hook: SendHook = (response) => {
    if (response.status !== SWITCHING_PROTOCOLS) {
      addHeaders(response.headers as LightHeaders, list);
    }
  };
  return Object.assign(hook, { [IS_CORS]: true } as const);
}

/** The hook of a layer further inside, in the place of which it stands until the request gets there. */
export function forAnother(hook: CorsHook): CorsHook {
  return Object.assign(((response) => hook(response)) satisfies SendHook, { [IS_CORS]: false } as const);
}

/** Whether the request has come to a layer that decides itself. */
export function hasDecided(context: RequestContext): boolean {
  const hooks: readonly (SendHook | CorsHook)[] = RequestContext.hooksOf(context)?.sendHooks ?? [];
  return hooks.some((hook) => IS_CORS in hook && hook[IS_CORS]);
}

/** Has one hook for a request: a layer further inside, which comes later, decides in place of those before. */
export function registerCorsHook(context: RequestContext, hook: CorsHook): void {
  const hooks = RequestContext.hooksOf(context)?.sendHooks ?? [];
  const present = hooks.findIndex((other) => IS_CORS in other);
  if (present < 0) {
    context.beforeSend(hook);
  } else {
    hooks[present] = hook;
  }
}

function addHeaders(headers: LightHeaders, list: readonly string[]): void {
  const present = headers.list;
  for (let index = 0; index < present.length; index += 2) {
    const name = present[index] as string;
    if (name === "vary" || name.startsWith("access-control-")) {
      mergeHeaders(headers, list);
      return;
    }
  }
  present.push(...list);
}

/** What a handler has passed on from another server must not open what is closed here. */
function mergeHeaders(headers: LightHeaders, list: readonly string[]): void {
  headers.delete("access-control-allow-origin");
  headers.delete("access-control-allow-credentials");
  for (let index = 0; index < list.length; index += 2) {
    const name = list[index] as string;
    const value = list[index + 1] as string;
    name === "vary" ? addVary(headers, value) : headers.append(name, value);
  }
}
