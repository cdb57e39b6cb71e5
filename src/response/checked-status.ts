import { describeValue } from "../common/describe-value.ts";

/** 101 belongs to upgrades; other interim statuses never end a request. Anything past 599 is no HTTP status. */
export function checkedStatus(status: number): number {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new RangeError(
      `Invalid status${inWords(status)}: a response has an integer from 200 to 599 (RFC 9110 §15).`,
    );
  }
  return status;
}

/** Where `Response.json(value, init)` takes options, or a text came from somewhere. */
function inWords(status: unknown): string {
  if (typeof status === "number") {
    return ` ${status}`;
  }
  const given = typeof status === "string" ? JSON.stringify(status) : describeValue(status);
  const inside =
    typeof status === "object" ? (status as { readonly status?: unknown } | null)?.status : status;
  const meant = Number.isInteger(Number(inside)) && inside !== null ? Number(inside) : 201;
  const headers =
    typeof status === "object" ? `, and with headers respond(${meant}, { … }, json(value))` : "";
  return `, ${given}; write the number itself, as in json(value, ${meant})${headers}`;
}
