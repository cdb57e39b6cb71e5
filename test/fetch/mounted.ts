import { _wildcardMethod } from "argania";
import { type FetchHandlerOptions, fetchHandler } from "argania/fetch";
import { site } from "../testing/app.ts";

export type Answer = (request: Request, env: unknown) => Response | Promise<Response>;

/** An app below /x, which has everything there. */
export function mounted(app: Answer, options?: FetchHandlerOptions, serviceOptions = {}) {
  const made = site((root) => {
    root.subresource("/x ?*").setHandlerFor(_wildcardMethod.to(fetchHandler(app, options)));
  }, serviceOptions);
  return { ...made, at: made.client() };
}
