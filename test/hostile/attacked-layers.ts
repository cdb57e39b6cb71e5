import type { _get, _post, Args, IntoResponse, Layer, RequestContext } from "argania";
import type { PlaceOptions } from "../middleware/layer-places.ts";
import type { Expectation } from "./hostile-case.ts";
import { request } from "./requests.ts";

/** The worst of what a class of layers is attacked with, and a request that must be served before and after it. */
export interface AttackedLayers {
  readonly layers: Layer[];
  readonly handler: (context: RequestContext, args: Args) => IntoResponse | Promise<IntoResponse>;
  readonly kind?: typeof _get | typeof _post;
  readonly options?: PlaceOptions;
  readonly good: readonly [raw: string, expected: Expectation];
  readonly attacks: readonly (readonly [raw: string, expected: Expectation])[];
}

export const get = (...lines: string[]): string => request("/a", lines);
export const bearer = (token: string): string => get(`Authorization: Bearer ${token}`);

/** A body as latin1, like all of a raw request. */
export function post(lines: readonly string[], body: Uint8Array | string = "a=1"): string {
  const bytes = typeof body === "string" ? body : Buffer.from(body).toString("latin1");
  return request("/a", [...lines, `Content-Length: ${bytes.length}`], "POST") + bytes;
}
