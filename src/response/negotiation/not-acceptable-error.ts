import { ErrorResponse } from "../error-response.ts";

/**
 * None of the representations that there are is one that the client accepts (406, RFC 9110 §15.5.7). `offers` are those
 * that there are; the client is told them.
 */
export class NotAcceptableError extends ErrorResponse {
  readonly code = "ARGANIA_NOT_ACCEPTABLE";
  readonly status = 406;
  readonly offers: readonly string[];

  constructor(offers: readonly string[]) {
    super(`This is to be had as ${offers.join(" or ")} only.`, {
      headers: { vary: "accept" },
      details: { offers },
    });
    this.offers = offers;
  }
}
