import type { Route } from "../request/route.ts";
import { endOfPlainPath, NOT_PLAIN } from "../request/route-path.ts";
import type { FinalResource } from "./final-resource.ts";
import { matchRegex } from "./match-regex.ts";

/**
 * Matches a target of plain characters in place. What equals a static text is plain; the rest is checked once, from the
 * first segment on that is something else. Gives `false` when there is a character that is not plain; then what it has
 * recorded counts for nothing.
 *
 * Decision 0012 has what this gains over matching decoded segments, which defines what it has to find.
 */
export function matchPlainTarget(root: FinalResource, route: Route): boolean {
  const { target } = route;
  if (codeAt(target, 1) === END) {
    return arrive(root, route, 1, false);
  }
  let resource = root;
  let start = 1;
  let pathEnd = NOT_PLAIN;
  for (;;) {
    const choice = resource.plainStatics === null ? null : resource.plainStatics.at(target, start);
    let end = choice === null ? NOT_PLAIN : start + choice.text.length;
    let next = choice === null ? NOT_PLAIN : codeAt(target, end);
    if (choice !== null && (next === SLASH || next === END) && target.slice(start, end) === choice.text) {
      resource = choice.value as FinalResource;
    } else {
      pathEnd = pathEnd === NOT_PLAIN ? endOfPlainPath(target, start) : pathEnd;
      if (pathEnd === NOT_PLAIN) {
        return false;
      }
      end = endOfSegment(target, start, pathEnd);
      const child = end > start ? dynamicChild(resource, target, start, end, route) : null;
      if (child === null) {
        return stop(resource, route, start, pathEnd);
      }
      resource = child;
      next = codeAt(target, end);
    }
    if (next === END) {
      return arrive(resource, route, end, false);
    }
    start = end + 1;
  }
}

function endOfSegment(target: string, start: number, pathEnd: number): number {
  const slash = target.indexOf("/", start);
  return slash < 0 || slash > pathEnd ? pathEnd : slash;
}

function dynamicChild(
  resource: FinalResource,
  target: string,
  start: number,
  end: number,
  route: Route,
): FinalResource | null {
  const { regexes, wildcard } = resource;
  const child = regexes.length === 0 ? null : matchRegex(resource, target.slice(start, end), route);
  if (child === null && wildcard !== null) {
    route.recordWildcard(start, end);
  }
  return child ?? wildcard;
}

function arrive(resource: FinalResource, route: Route, end: number, endsWithSlash: boolean): boolean {
  route.leadTo(resource, true, endsWithSlash);
  return isPlainQuery(route.target, end);
}

/** No child has what begins at `start`; it may be the nothing behind a trailing slash. */
function stop(resource: FinalResource, route: Route, start: number, pathEnd: number): boolean {
  if (start === pathEnd && start > 1) {
    return arrive(resource, route, pathEnd, true);
  }
  route.leadTo(resource, false, route.target.charCodeAt(pathEnd - 1) === SLASH);
  return isPlainQuery(route.target, pathEnd);
}

/** Nothing of a query is looked at, but a "#" in it is refused. */
function isPlainQuery(target: string, end: number): boolean {
  return end === target.length || !target.includes("#", end);
}

const SLASH = 47;
const QUESTION_MARK = 63;
/** The path ends at the query, or at the end of the target. */
const END = QUESTION_MARK;

function codeAt(target: string, position: number): number {
  return position < target.length ? target.charCodeAt(position) : END;
}
