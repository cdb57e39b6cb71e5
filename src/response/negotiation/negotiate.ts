import { chain, type MaybePromise } from "../../common/maybe-promise.ts";
import { type IntoResponse, intoResponse } from "../into-response.ts";
import type { LightResponse } from "../light-response.ts";
import { addVary } from "../vary.ts";
import { type AcceptingRequest, accepts } from "./accepts.ts";
import { NotAcceptableError } from "./not-acceptable-error.ts";

/** Makes one representation; called only when it is the one that is sent. */
export type Representation = () => IntoResponse | Promise<IntoResponse>;

/**
 * Answers with the representation that the client would rather have, and says `Vary: Accept`. The first one is for clients
 * that do not care.
 *
 * Throws a `NotAcceptableError` (406, `ARGANIA_NOT_ACCEPTABLE`) when the client accepts none of them, unless `otherwise` is
 * given; a `TypeError` for a name that is no media type. Source: RFC 9110 §12.1.
 *
 * @example
 * ```ts
 * user.setHandlerFor(
 *   _get.to((context) =>
 *     negotiate(context, {
 *       "application/json": () => json(user),
 *       "text/html": () => html(page(user)),
 *     }),
 *   ),
 * );
 * ```
 */
export function negotiate(
  request: AcceptingRequest,
  representations: Readonly<Record<string, Representation>>,
  otherwise?: Representation,
): MaybePromise<LightResponse> {
  const types = Object.keys(representations);
  const type = accepts(request, types);
  const make = type === undefined ? otherwise : representations[type];
  if (make === undefined) {
    throw new NotAcceptableError(types);
  }
  return chain(make() as MaybePromise<unknown>, (result) => {
    const response = intoResponse(result);
    addVary(response.headers, "accept");
    return response;
  });
}
