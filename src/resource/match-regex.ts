import type { Route } from "../request/route.ts";
import type { RegexChild } from "./final-resource.ts";

/** Which child is the first that matches a decoded segment, or -1; its match is recorded in the route. */
export function matchRegex(regexes: readonly RegexChild[], segment: string, route: Route): number {
  for (let index = 0; index < regexes.length; index++) {
    const match = (regexes[index] as RegexChild).pattern.match(segment);
    if (match !== null) {
      route.record(match);
      return index;
    }
  }
  return -1;
}
