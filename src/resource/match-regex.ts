import type { Route } from "../request/route.ts";
import type { FinalResource } from "./final-resource.ts";

/** The first regex child that matches a decoded segment; its match is recorded in the route. */
export function matchRegex(resource: FinalResource, segment: string, route: Route): FinalResource | null {
  for (const regex of resource.regexes) {
    const match = regex.pattern.match(segment);
    if (match !== null) {
      route.record(match);
      return regex.resource;
    }
  }
  return null;
}
