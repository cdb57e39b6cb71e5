import { NO_PROPERTIES, type Properties } from "../common/property.ts";
import type { Authority } from "./authority.ts";
import type { Forwarded } from "./forwarded.ts";
import type { RequestContext } from "./request-context.ts";
import { plainRoutePath, type RoutePath } from "./route-path.ts";

/** Where the value of a param is found: in a segment as a whole, or in a group of a regex match. */
export interface CaptureSlot {
  readonly name: string;
  /** Which of the wildcards on the way it is, or which of the matches in `Route.matches`. */
  readonly index: number;
  /** Which segment of the path it is in. */
  readonly depth: number;
  /** `WHOLE_SEGMENT`, or the number of the capture group. */
  readonly group: number;
  /** Whether the host captured it, and not the path. */
  readonly isHost: boolean;
}

export const WHOLE_SEGMENT = -1;

/** What a route needs to know of the node it has reached. */
export interface RouteNode {
  /** How many segments have been matched up to and with this node. */
  readonly depth: number;
  readonly captures: readonly CaptureSlot[];
  readonly properties: Properties;
  /** Who answers instead when the handler of this node does not take a request; nobody where it is missing. */
  readonly outerAnswerer?: ((route: Route, context: RequestContext) => unknown) | null;
}

/** A node that the path of a request can lead to. */
export interface RouteStop extends RouteNode {
  /** The methods that have a handler, as in `Allow`; `null` where others have one, too, or none has. */
  readonly allow: string | null;
  /** The pattern of the node that answers a request which leads here; `undefined` when none does. */
  answeringPattern(route: Route, method: string): string | undefined;
  /** Whether a handler answers a request that leads here, and no 404, 405 or redirect of the framework. */
  isHandled(route: Route, method: string): boolean;
}

const NOWHERE: RouteNode = { depth: 0, captures: [], properties: NO_PROPERTIES };
const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze(
  Object.create(null) as Record<string, string>,
);

/** Where in the target a segment begins and ends that a wildcard stands for, with the wildcards before it. */
class WildcardSpan {
  readonly start: number;
  readonly end: number;
  readonly outer: WildcardSpan | null;
  readonly index: number;

  constructor(start: number, end: number, outer: WildcardSpan | null) {
    this.start = start;
    this.end = end;
    this.outer = outer;
    this.index = outer === null ? 0 : outer.index + 1;
  }
}

function cutWildcard(target: string, last: WildcardSpan, index: number): string {
  let span = last;
  while (span.index !== index) {
    span = span.outer as WildcardSpan;
  }
  return target.slice(span.start, span.end);
}

/** A `null`-prototype object that V8 keeps fast, unlike one of `Object.create(null)`. */
const ParamsObject = function ParamsObject() {} as unknown as {
  new (): Record<string, string>;
  prototype: object;
};
ParamsObject.prototype = Object.create(null) as object;

/**
 * The routing state of one request: where its path leads, which is found out before anything of the user's runs, and
 * what of the tree has been reached since.
 *
 * Captures are recorded as positions; strings are cut when somebody reads `params`.
 */
export class Route {
  /** The request target in origin form (RFC 9112 §3.2.1), as the client sent it. */
  readonly target: string;
  readonly authority: Authority;
  /** What a trusted proxy says of the client's side; `null` when the connection itself is the client's. */
  readonly forwarded: Forwarded | null;
  /** The client's address where a layer knows better. */
  clientAddress: string | null = null;
  /** Where the path leads: its node, or the last one on the way when there is none; `null` when no host has it. */
  stop: RouteStop | null = null;
  /** Whether the path ends there, and does not go on to where nothing is. */
  isAtEnd = false;
  endsWithSlash = false;
  /** The node reached; the answering one once a handler runs. */
  node: RouteNode = NOWHERE;
  /** Whether the answering node handles a request with segments left over. */
  inSubtree = false;
  /** The matches of regex patterns, hosts first. */
  matches: (readonly (string | undefined)[])[] | null = null;
  /** The segments that wildcards stand for, the last first; `null` where none does, or the path has been decoded. */
  wildcards: WildcardSpan | null = null;
  #path: RoutePath | null = null;
  #params: Readonly<Record<string, string>> | null = null;
  #paramsNode: RouteNode = NOWHERE;

  constructor(target: string, authority: Authority, forwarded: Forwarded | null = null) {
    this.target = target;
    this.authority = authority;
    this.forwarded = forwarded;
  }

  /** The path as every part of the program sees it. Only for a target that has been found to be well-formed. */
  get path(): RoutePath {
    this.#path ??= plainRoutePath(this.target);
    return this.#path;
  }

  set path(path: RoutePath) {
    this.#path = path;
  }

  /** Says where the path leads. */
  leadTo(stop: RouteStop, isAtEnd: boolean, endsWithSlash: boolean): void {
    this.stop = stop;
    this.isAtEnd = isAtEnd;
    this.endsWithSlash = endsWithSlash;
  }

  /** Puts the route back to `node`: a layer may call its handler more than once. */
  enter(node: RouteNode): void {
    this.node = node;
    this.inSubtree = false;
  }

  /** Makes `node` the one that answers: where the path leads, or further out for a mistargeted request. */
  answerAt(node: RouteNode): void {
    this.node = node;
    this.inSubtree = !this.isAtEnd || this.stop !== node;
  }

  /** Keeps a regex match for the node that it belongs to. */
  record(match: readonly (string | undefined)[]): void {
    if (this.matches === null) {
      this.matches = [match];
    } else {
      this.matches.push(match);
    }
  }

  /** Keeps the place of a segment that a wildcard stands for. */
  recordWildcard(start: number, end: number): void {
    this.wildcards = new WildcardSpan(start, end, this.wildcards);
  }

  /** Drops what was recorded of the path, but not the first `kept` matches. */
  forget(kept: number): void {
    this.wildcards = null;
    if (this.matches !== null) {
      this.matches.length = kept;
    }
  }

  get properties(): Properties {
    return this.node.properties;
  }

  /** The params that the host captured. */
  hostParams(): Readonly<Record<string, string>> {
    return this.#cutParams(this.node.captures.filter(({ isHost }) => isHost));
  }

  params(): Readonly<Record<string, string>> {
    const { node } = this;
    if (this.#params === null || this.#paramsNode !== node) {
      this.#paramsNode = node;
      this.#params = node.captures.length === 0 ? NO_PARAMS : this.#cutParams(node.captures);
    }
    return this.#params;
  }

  subtreePath(): string {
    return this.inSubtree ? this.path.restFrom(this.node.depth) : "";
  }

  subtreeSegments(): readonly string[] {
    return this.inSubtree ? this.path.segments().slice(this.node.depth) : [];
  }

  #cutParams(captures: readonly CaptureSlot[]): Readonly<Record<string, string>> {
    const { matches, wildcards } = this;
    const params = new ParamsObject();
    for (let at = 0; at < captures.length; at++) {
      const { name, index, depth, group } = captures[at] as CaptureSlot;
      params[name] =
        group !== WHOLE_SEGMENT
          ? (matches?.[index]?.[group] ?? "")
          : wildcards !== null
            ? cutWildcard(this.target, wildcards, index)
            : (this.path.segments()[depth] as string);
    }
    return params;
  }
}
