import type { Route } from "../request/route.ts";
import { endOfPlainSegment, NOT_PLAIN } from "../request/route-path.ts";
import type { FinalResource } from "./final-resource.ts";
import { matchRegex } from "./match-regex.ts";

/**
 * Matches a target of plain characters in place, looking at each character once: what equals a static text is plain,
 * and the end of any other segment is found while its characters are checked. Gives `false` when there is a character
 * that is not plain; then what it has recorded counts for nothing.
 *
 * Decision 0012 has what this gains over matching decoded segments, which defines what it has to find.
 */
export function matchPlainTarget(root: FinalResource, route: Route): boolean {
  const { target } = route;
  if (isEnd(target, 1)) {
    return arrive(root, route, 1, false);
  }
  let resource = root;
  let start = 1;
  for (;;) {
    const choice = resource.plainStatics === null ? null : resource.plainStatics.at(target, start);
    let end = choice === null ? NOT_PLAIN : start + choice.text.length;
    if (choice !== null && endsSegment(target, end) && target.slice(start, end) === choice.text) {
      resource = choice.value as FinalResource;
    } else {
      end = endOfPlainSegment(target, start);
      const child = end > start ? dynamicChild(resource, target, start, end, route) : null;
      if (child === null) {
        return end !== NOT_PLAIN && stop(resource, route, end);
      }
      resource = child;
    }
    if (target.charCodeAt(end) !== SLASH) {
      return arrive(resource, route, end, false);
    }
    start = end + 1;
    if (isEnd(target, start)) {
      return arrive(resource, route, start, true);
    }
  }
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

/** The rest of the path, to which no child belongs, must be well-formed all the same. */
function stop(resource: FinalResource, route: Route, segmentEnd: number): boolean {
  const { target } = route;
  let end = segmentEnd;
  while (target.charCodeAt(end) === SLASH) {
    end = endOfPlainSegment(target, end + 1);
    if (end === NOT_PLAIN) {
      return false;
    }
  }
  route.leadTo(resource, false, target.charCodeAt(end - 1) === SLASH);
  return isPlainQuery(target, end);
}

/** Nothing of a query is looked at, but a "#" in it is refused. */
function isPlainQuery(target: string, end: number): boolean {
  return end === target.length || !target.includes("#", end);
}

/** Whether the path ends here. */
function isEnd(target: string, position: number): boolean {
  return position === target.length || target.charCodeAt(position) === QUESTION_MARK;
}

function endsSegment(target: string, end: number): boolean {
  return isEnd(target, end) || target.charCodeAt(end) === SLASH;
}

const SLASH = 47;
const QUESTION_MARK = 63;
