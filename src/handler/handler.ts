import type { MaybePromise } from "../common/maybe-promise.ts";
import type { Args } from "../request/args.ts";
import type { PathParams, RequestContext } from "../request/request-context.ts";
import type { IntoResponse } from "../response/into-response.ts";
import type { LightResponse } from "../response/light-response.ts";

/** Answers a request: with anything that can be made into a response, at once or later, or by throwing. */
export type Handler<
  Params extends object = PathParams,
  NodeExtension = unknown,
  HandlerExtension = unknown,
> = (
  context: RequestContext<Params>,
  args: Args<NodeExtension, HandlerExtension>,
) => IntoResponse | Promise<IntoResponse>;

/** A handler as layers see it: whatever the user's function returns, this one returns a response. */
export type ResponseHandler = (context: RequestContext, args: Args) => MaybePromise<LightResponse>;

/** A handler inside the framework: its result has not been made into a response yet. */
export type RawHandler = (context: RequestContext, args: Args) => unknown;
