import type { Properties } from "../common/property.ts";
import type { RawHandler } from "../handler/handler.ts";
import type { RegexPattern } from "../pattern/segment-pattern.ts";
import type { Args } from "../request/args.ts";
import type { RequestContext } from "../request/request-context.ts";
import type { CaptureSlot, Route, RouteNode } from "../request/route.ts";

/** Answers requests that reached no resource: a subtree handler, or a mistargeted-request handler. */
export type Answerer = (route: Route, context: RequestContext) => unknown;

/** A handler with what belongs to it. */
export interface MethodEntry {
  readonly handle: RawHandler;
  readonly args: Args;
}

export interface RegexChild {
  readonly pattern: RegexPattern;
  readonly resource: FinalResource;
}

/**
 * A resource that serves: frozen, with its layers composed into closures. A component without layers is `null`, and
 * the dispatcher does its work in place.
 */
export class FinalResource implements RouteNode {
  readonly depth: number;
  readonly matchCount: number;
  readonly captures: readonly CaptureSlot[];
  readonly properties: Properties;
  readonly args: Args;

  readonly statics: ReadonlyMap<string, FinalResource>;
  readonly regexes: readonly RegexChild[];
  readonly wildcard: FinalResource | null;

  readonly receiver: RawHandler | null;
  readonly passer: RawHandler | null;
  readonly requestHandler: RawHandler | null;

  /** By method; `HEAD` has `GET`'s entry unless it has one of its own. */
  readonly methods: ReadonlyMap<string, MethodEntry>;
  /** For every other method; `null` answers 405, or makes the request mistargeted. */
  readonly wildcardMethod: MethodEntry | null;
  readonly dropsOtherMethods: boolean;
  readonly hasHandler: boolean;
  /** The value of `Allow`. */
  readonly allow: string;

  readonly endsWithSlash: boolean;
  readonly onUnmatchingSlash: "redirect" | "drop" | "handle";

  /** Who answers a request that stops here: this resource or the nearest one further out; `null` is a 404. */
  readonly answerer: Answerer | null;
  /** The same for a request that this resource's own request handler does not take. */
  readonly outerAnswerer: Answerer | null;

  constructor(parts: FinalResourceParts) {
    this.depth = parts.depth;
    this.matchCount = parts.matchCount;
    this.captures = parts.captures;
    this.properties = parts.properties;
    this.args = parts.args;
    this.statics = parts.statics;
    this.regexes = parts.regexes;
    this.wildcard = parts.wildcard;
    this.receiver = parts.receiver;
    this.passer = parts.passer;
    this.requestHandler = parts.requestHandler;
    this.methods = parts.methods;
    this.wildcardMethod = parts.wildcardMethod;
    this.dropsOtherMethods = parts.dropsOtherMethods;
    this.hasHandler = parts.hasHandler;
    this.allow = parts.allow;
    this.endsWithSlash = parts.endsWithSlash;
    this.onUnmatchingSlash = parts.onUnmatchingSlash;
    this.answerer = parts.answerer;
    this.outerAnswerer = parts.outerAnswerer;
    Object.freeze(this);
  }
}

/** Everything that a final resource consists of. */
export type FinalResourceParts = { readonly [Part in keyof FinalResource]: FinalResource[Part] };
