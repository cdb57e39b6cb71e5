import { NO_PROPERTIES, type Properties } from "../common/property.ts";
import type { Authority } from "./authority.ts";
import type { Forwarded } from "./forwarded.ts";
import type { RoutePath } from "./route-path.ts";

/** Where the value of a param is found: in a segment as a whole, or in a group of a regex match. */
export interface CaptureSlot {
  readonly name: string;
  /** The segment's index for a wildcard; the index of the match in `Route.matches` for a regex. */
  readonly index: number;
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
  /** How many regex matches those and the host have made. */
  readonly matchCount: number;
  readonly captures: readonly CaptureSlot[];
  readonly properties: Properties;
}

const NOWHERE: RouteNode = { depth: 0, matchCount: 0, captures: [], properties: NO_PROPERTIES };
const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze(
  Object.create(null) as Record<string, string>,
);

/** A `null`-prototype object that V8 keeps fast, unlike one of `Object.create(null)`. */
const ParamsObject = function ParamsObject() {} as unknown as {
  new (): Record<string, string>;
  prototype: object;
};
ParamsObject.prototype = Object.freeze(Object.create(null) as object);

/**
 * The routing state of one request: how far it has come, and what was captured on the way.
 *
 * Captures are recorded as positions; strings are cut when somebody reads `params`.
 */
export class Route {
  readonly path: RoutePath;
  /** In front of the path in every URL that leads back here. */
  readonly mountPath: string;
  readonly authority: Authority;
  /** What a trusted proxy says of the client's side; `null` when the connection itself is the client's. */
  readonly forwarded: Forwarded | null;
  /** The node reached; the answering one once a handler runs. */
  node: RouteNode = NOWHERE;
  /** How many segments have been passed, and where the next one begins in the path. */
  depth = 0;
  position: number;
  /** The matches of regex patterns, hosts first. */
  matches: (readonly (string | undefined)[])[] | null = null;
  /** Whether the answering node handles a request with segments left over. */
  inSubtree = false;
  #params: Readonly<Record<string, string>> = NO_PARAMS;
  #paramsNode: RouteNode = NOWHERE;

  constructor(path: RoutePath, authority: Authority, forwarded: Forwarded | null = null, mountPath = "") {
    this.path = path;
    this.mountPath = mountPath;
    this.authority = authority;
    this.forwarded = forwarded;
    this.position = path.path === "/" ? 2 : 1;
  }

  /** Whether no segment is left. */
  get isAtEnd(): boolean {
    return this.position > this.path.end;
  }

  /** The next segment, decoded; only when there is one. */
  nextSegment(): string {
    const { path, decoded } = this.path;
    return decoded === null
      ? path.slice(this.position, this.nextSegmentEnd())
      : (decoded[this.depth] as string);
  }

  /** Steps over the next segment, into `node`. */
  advance(node: RouteNode): void {
    this.position = this.nextSegmentEnd() + 1;
    this.depth++;
    this.node = node;
  }

  /** Puts the route back to where it was when `node` was reached: a layer may call its handler more than once. */
  rewindTo(node: RouteNode): void {
    this.node = node;
    this.inSubtree = false;
    if (this.depth !== node.depth) {
      this.position = this.startOfSegment(node.depth);
      this.depth = node.depth;
    }
    if (this.matches !== null && this.matches.length !== node.matchCount) {
      this.matches.length = node.matchCount;
    }
  }

  /** Makes `node` the one that answers: where the route has ended, or further out for a mistargeted request. */
  answerAt(node: RouteNode): void {
    this.node = node;
    this.inSubtree = !this.isAtEnd || this.depth !== node.depth;
  }

  /** Keeps a regex match for the node about to be entered. */
  record(match: readonly (string | undefined)[]): void {
    if (this.matches === null) {
      this.matches = [match];
    } else {
      this.matches.push(match);
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
    if (this.#paramsNode !== node) {
      this.#paramsNode = node;
      this.#params = node.captures.length === 0 ? NO_PARAMS : this.#cutParams(node.captures);
    }
    return this.#params;
  }

  subtreePath(): string {
    return this.inSubtree ? this.path.path.slice(this.startOfSegment(this.node.depth) - 1) : "";
  }

  subtreeSegments(): readonly string[] {
    return this.inSubtree ? this.path.segments().slice(this.node.depth) : [];
  }

  #cutParams(captures: readonly CaptureSlot[]): Readonly<Record<string, string>> {
    const params = new ParamsObject();
    for (const { name, index, group } of captures) {
      params[name] = group === WHOLE_SEGMENT ? this.#segment(index) : (this.matches?.[index]?.[group] ?? "");
    }
    return params;
  }

  #segment(index: number): string {
    const { path, decoded, end } = this.path;
    if (decoded !== null) {
      return decoded[index] as string;
    }
    const start = this.startOfSegment(index);
    const slash = path.indexOf("/", start);
    return path.slice(start, slash < 0 || slash > end ? end : slash);
  }

  nextSegmentEnd(): number {
    const slash = this.path.path.indexOf("/", this.position);
    return slash < 0 || slash > this.path.end ? this.path.end : slash;
  }

  startOfSegment(index: number): number {
    const { path } = this.path;
    let start = path === "/" ? 2 : 1;
    for (let skipped = 0; skipped < index; skipped++) {
      const slash = path.indexOf("/", start);
      start = slash < 0 ? path.length + 1 : slash + 1;
    }
    return start;
  }
}
