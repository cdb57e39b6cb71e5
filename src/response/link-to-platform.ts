import { LightHeaders } from "../common/light-headers.ts";
import { linkWhenAsked } from "../common/linked-prototype.ts";
import { LightResponse } from "./light-response.ts";

/**
 * Makes `instanceof Response` and `instanceof Headers` hold, as layers written for the web expect. Called when the first service is made and
 * not at import, since importing has no effects; Node loads its fetch when somebody looks. No platform constructor runs.
 */
export function linkToPlatform(): void {
  linkWhenAsked(LightResponse.prototype, () => Response.prototype);
  linkWhenAsked(LightHeaders.prototype, () => Headers.prototype);
}
