import type { Properties } from "../common/property.ts";
import type { RawHandler } from "../handler/handler.ts";
import type { RegexPattern } from "../pattern/segment-pattern.ts";
import type { Args } from "../request/args.ts";
import type { RequestContext } from "../request/request-context.ts";
import type { CaptureSlot, Route, RouteStop } from "../request/route.ts";
import { NotAllowedMethodError } from "../response/routing-errors.ts";
import { RoutingFailure } from "../response/routing-failure.ts";
import { allowOf } from "./allow.ts";
import type { ResourceNode } from "./resource-node.ts";

/** Answers requests that reached no resource: a subtree handler, or a mistargeted-request handler. */
export interface Answerer {
  (route: Route, context: RequestContext): unknown;
  /** The pattern of the resource whose handler answers; `undefined` when that is a 404. */
  patternFor(method: string): string | undefined;
  /** Whether a handler answers a method, and no 404 or 405. */
  handles(method: string): boolean;
}

/** A handler with what belongs to it. */
export interface MethodEntry {
  /** `"*"` where it is for every other method. */
  readonly method: string;
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
export class FinalResource implements RouteStop {
  declare readonly wildcard: FinalResource | null;
  declare readonly regexes: readonly RegexChild[];
  /** All static children, by their decoded text. */
  declare readonly statics: ReadonlyMap<string, FinalResource>;

  declare readonly depth: number;
  declare readonly captures: readonly CaptureSlot[];
  declare readonly properties: Properties;
  declare readonly args: Args;

  /** Those on the way here, itself included, in which layers wait around the receiver or the passer. */
  declare readonly layered: readonly FinalResource[];
  declare readonly receiver: RawHandler | null;
  declare readonly passer: RawHandler | null;
  declare readonly requestHandler: RawHandler | null;

  /** For `GET`, which most requests are. */
  declare readonly get: MethodEntry | null;
  /** `GET`'s unless there is one of its own. */
  declare readonly head: MethodEntry | null;
  /** All but these two: so few that a list is as fast as a map, and takes less memory. */
  declare readonly methods: readonly MethodEntry[];
  /** For every other method; `null` answers 405, or makes the request mistargeted. */
  declare readonly wildcardMethod: MethodEntry | null;
  declare readonly dropsOtherMethods: boolean;
  declare readonly hasHandler: boolean;

  declare readonly endsWithSlash: boolean;
  declare readonly onUnmatchingSlash: "redirect" | "drop" | "handle";

  /** Who answers a request that stops here: this resource or the nearest one further out; `null` is a 404. */
  declare readonly answerer: Answerer | null;
  /** The same for a request that this resource's own request handler does not take. */
  declare readonly outerAnswerer: Answerer | null;

  readonly #definition: ResourceNode;
  #pattern: string | undefined = undefined;
  #notAllowed: RoutingFailure | undefined = undefined;

  /** Children and closures know their resource: `make` is given it, but may not look into it yet. */
  constructor(definition: ResourceNode, make: (self: FinalResource) => FinalResourceParts) {
    this.#definition = definition;
    const { place, methods, components, children, answering } = make(this);
    // First what each request asks for, so that it is in the same lines of the processor's cache.
    this.hasHandler = methods.hasHandler;
    this.endsWithSlash = definition.config.endsWithSlash;
    this.onUnmatchingSlash = definition.config.onUnmatchingSlash;
    this.layered = place.layered;
    this.requestHandler = components.requestHandler;
    this.get = methods.get;
    this.captures = place.captures;
    this.properties = place.properties;
    this.args = place.args;
    this.depth = place.depth;
    this.head = methods.head;
    this.methods = methods.methods;
    this.wildcardMethod = methods.wildcardMethod;
    this.dropsOtherMethods = methods.dropsOtherMethods;
    this.receiver = components.receiver;
    this.passer = components.passer;
    this.wildcard = children.wildcard;
    this.regexes = children.regexes;
    this.statics = children.statics;
    this.answerer = answering.answerer;
    this.outerAnswerer = answering.outerAnswerer;
  }

  /** From the root on, without host and symbols; made when it is first asked for. */
  get pattern(): string {
    this.#pattern ??= this.#definition.pathPattern();
    return this.#pattern;
  }

  /** The methods that have a handler, as in `Allow`; `null` where others have one, too, or none has. */
  get allow(): string | null {
    const { methodHandlers, wildcardMethod } = this.#definition;
    const hasOthers = wildcardMethod !== null && wildcardMethod.handler !== null;
    return hasOthers || methodHandlers.length === 0 ? null : allowOf(this.#definition);
  }

  /** The 405, which tells the methods that there are. */
  get notAllowed(): RoutingFailure {
    this.#notAllowed ??= new RoutingFailure(() => new NotAllowedMethodError(allowOf(this.#definition)));
    return this.#notAllowed;
  }

  /** Whose answer it is that the dispatcher comes to; nothing that a layer does can change it. */
  answeringPattern({ isAtEnd, endsWithSlash }: Route, method: string): string | undefined {
    if (!isAtEnd || !this.hasHandler) {
      return this.answerer?.patternFor(method);
    }
    return this.onUnmatchingSlash === "drop" && endsWithSlash !== this.endsWithSlash
      ? this.outerAnswerer?.patternFor(method)
      : this.patternFor(method);
  }

  /** The same for a request that its request handler takes. */
  patternFor(method: string): string | undefined {
    return this.dropsOtherMethods && this.entryFor(method) === null
      ? this.outerAnswerer?.patternFor(method)
      : this.pattern;
  }

  isHandled({ isAtEnd, endsWithSlash }: Route, method: string): boolean {
    if (!isAtEnd || !this.hasHandler) {
      return this.answerer?.handles(method) ?? false;
    }
    const { onUnmatchingSlash } = this;
    return onUnmatchingSlash === "handle" || endsWithSlash === this.endsWithSlash
      ? this.handles(method)
      : onUnmatchingSlash === "drop" && (this.outerAnswerer?.handles(method) ?? false);
  }

  /** The same for a request that its request handler takes. */
  handles(method: string): boolean {
    if (this.entryFor(method) !== null) {
      return true;
    }
    return this.dropsOtherMethods
      ? (this.outerAnswerer?.handles(method) ?? false)
      : this.#definition.wildcardMethod !== null;
  }

  /** The handler of a method, but for the wildcard-method handler. */
  entryFor(method: string): MethodEntry | null {
    switch (method) {
      case "GET":
        return this.get;
      case "HEAD":
        return this.head;
      default:
        return entryIn(this.methods, method);
    }
  }
}

function entryIn(entries: readonly MethodEntry[], method: string): MethodEntry | null {
  for (let at = 0; at < entries.length; at++) {
    const entry = entries[at] as MethodEntry;
    if (entry.method === method) {
      return entry;
    }
  }
  return null;
}

/** Where a resource is, and what it has from those above it. */
export type FinalPlace = Pick<FinalResource, "depth" | "captures" | "properties" | "args" | "layered">;
export type FinalMethods = Pick<
  FinalResource,
  "get" | "head" | "methods" | "wildcardMethod" | "dropsOtherMethods" | "hasHandler"
>;
export type FinalComponents = Pick<FinalResource, "receiver" | "passer" | "requestHandler">;
export type FinalChildren = Pick<FinalResource, "statics" | "regexes" | "wildcard">;

/** Everything that a final resource consists of. */
export interface FinalResourceParts {
  readonly place: FinalPlace;
  readonly methods: FinalMethods;
  readonly components: FinalComponents;
  readonly children: FinalChildren;
  readonly answering: Pick<FinalResource, "answerer" | "outerAnswerer">;
}
