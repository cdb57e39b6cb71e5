import type { Properties } from "../common/property.ts";
import type { RawHandler } from "../handler/handler.ts";
import type { RegexPattern } from "../pattern/segment-pattern.ts";
import type { Args } from "../request/args.ts";
import type { RequestContext } from "../request/request-context.ts";
import type { CaptureSlot, Route, RouteNode } from "../request/route.ts";
import type { TextChoice } from "./text-choice.ts";

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
  /** The static children whose text is the same in a URL, those of children without an effect among them. */
  readonly plainStatics: TextChoice<FinalResource> | null;
  readonly wildcard: FinalResource | null;
  readonly regexes: readonly RegexChild[];
  /** All static children, by their decoded text. */
  readonly statics: ReadonlyMap<string, FinalResource>;

  readonly depth: number;
  readonly captures: readonly CaptureSlot[];
  readonly properties: Properties;
  readonly args: Args;

  /** Those on the way here, itself included, in which layers wait around the receiver or the passer. */
  readonly layered: readonly FinalResource[];
  readonly receiver: RawHandler | null;
  readonly passer: RawHandler | null;
  readonly requestHandler: RawHandler | null;

  /** What `methods` has for `GET`, which most requests are. */
  readonly get: MethodEntry | null;
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

  /** Children and closures know their resource: `make` is given it, but may not look into it yet. */
  constructor(make: (self: FinalResource) => FinalResourceParts) {
    const parts = make(this);
    this.plainStatics = parts.plainStatics;
    this.wildcard = parts.wildcard;
    this.regexes = parts.regexes;
    this.statics = parts.statics;
    this.depth = parts.depth;
    this.captures = parts.captures;
    this.properties = parts.properties;
    this.args = parts.args;
    this.layered = parts.layered;
    this.receiver = parts.receiver;
    this.passer = parts.passer;
    this.requestHandler = parts.requestHandler;
    this.get = parts.get;
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
