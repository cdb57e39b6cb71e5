import type { Route } from "../request/route.ts";
import { endOfPlainPath, endOfPlainSegment, NOT_PLAIN } from "../request/route-path.ts";
import type { FinalResource } from "./final-resource.ts";
import { matchRegex } from "./match-regex.ts";
import { CHOICE, LENGTH, type MatchTable, NO_NODE, NUMBER, REGEXES, ROOT, WILDCARD } from "./match-table.ts";
import { textAt } from "./text-choice.ts";

/**
 * Matches a target of plain characters in place. What equals a static text is plain; the other segments are checked
 * where they are matched, and what no child has as a whole. Gives `false` when there is a character that is not plain;
 * then what it has recorded counts for nothing.
 *
 * Decision 0012 has what this gains over matching decoded segments, which defines what it has to find.
 */
export function matchPlainTarget(table: MatchTable, route: Route): boolean {
  const { target } = route;
  const { cells, texts } = table;
  if (codeAt(target, 1) === END) {
    return arrive(table, ROOT, route, 1, false);
  }
  let node = ROOT;
  let start = 1;
  for (;;) {
    const fixed = textAt(cells, cells[node + CHOICE] as number, target, start);
    let end = start + (cells[fixed + LENGTH] as number);
    let next = fixed === NO_NODE ? NOT_PLAIN : codeAt(target, end);
    if (
      (next === SLASH || next === END) &&
      target.slice(start, end) === texts[cells[fixed + NUMBER] as number]
    ) {
      node = fixed;
    } else {
      if (cells[node + WILDCARD] === NO_NODE && cells[node + REGEXES] === NO_NODE) {
        return stop(table, node, route, start, start);
      }
      end = endOfPlainSegment(target, start);
      if (end === NOT_PLAIN) {
        return false;
      }
      const child = end > start ? dynamicChild(table, node, start, end, route) : NO_NODE;
      if (child === NO_NODE) {
        return stop(table, node, route, start, end);
      }
      node = child;
      next = codeAt(target, end);
    }
    if (next === END) {
      return arrive(table, node, route, end, false);
    }
    start = end + 1;
  }
}

function dynamicChild(
  { cells, resources }: MatchTable,
  node: number,
  start: number,
  end: number,
  route: Route,
): number {
  const regexes = cells[node + REGEXES] as number;
  if (regexes !== NO_NODE) {
    const resource = resources[cells[node + NUMBER] as number] as FinalResource;
    const index = matchRegex(resource.regexes, route.target.slice(start, end), route);
    if (index >= 0) {
      return cells[regexes + index] as number;
    }
  }
  const wildcard = cells[node + WILDCARD] as number;
  if (wildcard !== NO_NODE) {
    route.recordWildcard(start, end);
  }
  return wildcard;
}

function arrive(table: MatchTable, node: number, route: Route, end: number, endsWithSlash: boolean): boolean {
  route.leadTo(resourceAt(table, node), true, endsWithSlash);
  return isPlainQuery(route.target, end);
}

/** No child has what begins at `start`; it may be the nothing behind a trailing slash. All before `checked` is plain. */
function stop(table: MatchTable, node: number, route: Route, start: number, checked: number): boolean {
  const pathEnd = endOfPlainPath(route.target, checked);
  if (pathEnd === NOT_PLAIN) {
    return false;
  }
  if (start === pathEnd && start > 1) {
    return arrive(table, node, route, pathEnd, true);
  }
  route.leadTo(resourceAt(table, node), false, route.target.charCodeAt(pathEnd - 1) === SLASH);
  return isPlainQuery(route.target, pathEnd);
}

function resourceAt({ cells, resources }: MatchTable, node: number): FinalResource {
  return resources[cells[node + NUMBER] as number] as FinalResource;
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
