import { RequestContext } from "../../request/request-context.ts";
import { dressRequest } from "./dressed-request.ts";
import { emulateRequest } from "./emulated-request.ts";
import { nodeHttp, type RawRequest, type RawResponse } from "./node-http.ts";

/** What middleware works on while it works on a request; one request for all of it, a response for each layer. */
export interface RawPair {
  readonly request: RawRequest;
  /** Whether there is no `IncomingMessage` of Node behind it. */
  readonly isEmulated: boolean;
  /** That of the innermost layer which the request is in. */
  response: RawResponse | null;
}

const pairs = new WeakMap<RequestContext<object>, RawPair>();

export function rawPairOf(context: RequestContext<object>): RawPair {
  let pair = pairs.get(context);
  if (pair === undefined) {
    const http = nodeHttp();
    const own = RequestContext.sourceOf(context).nodeRequest as RawRequest | undefined;
    const request = own ?? emulateRequest(http, context as RequestContext);
    dressRequest(http, request, context as RequestContext);
    pair = { request, isEmulated: own === undefined, response: null };
    pairs.set(context, pair);
  }
  return pair;
}
