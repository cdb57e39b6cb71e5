import type { RequestContext } from "../../request/request-context.ts";
import type { ConnectRequest, ConnectResponse } from "./connect-types.ts";
import { rawPairOf } from "./raw-request.ts";

/**
 * The `req` that middleware has worked on, with what that has put there: `req.session`, `req.user`, `req.files`. Without
 * middleware it is the request of Node, or one made of what another runtime has handed over.
 *
 * Throws a `ConnectRuntimeError` (`ARGANIA_CONNECT_RUNTIME`) where there is no `node:http`.
 *
 * @example
 * ```ts
 * _get.to((context) => `Hello, ${nodeRequest<express.Request>(context).session.name}`)
 * ```
 */
export function nodeRequest<Request extends object = ConnectRequest>(
  context: RequestContext<object>,
): Request {
  return rawPairOf(context).request as unknown as Request;
}

/**
 * The `res` of the innermost `connectLayer` or `connectHandler` that the request is in: headers that are set there go out with
 * the response. `undefined` outside of all of them.
 *
 * @example
 * ```ts
 * nodeResponse(context)?.setHeader("x-powered-by", "Argania");
 * ```
 */
export function nodeResponse<Response extends object = ConnectResponse>(
  context: RequestContext<object>,
): Response | undefined {
  return (rawPairOf(context).response ?? undefined) as unknown as Response | undefined;
}
