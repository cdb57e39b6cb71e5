import type { DefinitionError } from "../common/definition-error.ts";
import { NO_PROPERTIES, overlayProperties } from "../common/property.ts";
import { inheritedPropertiesOf } from "../handler/layer.ts";
import type { Args } from "../request/args.ts";
import { type CaptureSlot, WHOLE_SEGMENT } from "../request/route.ts";
import { layersFor } from "./compose-component.ts";
import {
  type Answerer,
  type FinalChildren,
  type FinalPlace,
  FinalResource,
  type FinalResourceParts,
  type RegexChild,
} from "./final-resource.ts";
import { finalizeComponents } from "./finalize-components.ts";
import { finalizeMethods } from "./finalize-methods.ts";
import { finalizeMistargeted, subtreeAnswerer } from "./finalize-mistargeted.ts";
import type { ResourceNode } from "./resource-node.ts";

/** What a node has from those above it. */
export interface Inherited extends FinalPlace {
  readonly matchCount: number;
  readonly wildcardCount: number;
  readonly answerer: Answerer | null;
}

export const NOTHING_INHERITED: Inherited = {
  depth: 0,
  matchCount: 0,
  wildcardCount: 0,
  captures: Object.freeze([]),
  properties: NO_PROPERTIES,
  args: argsOf(undefined),
  layered: Object.freeze([]),
  answerer: null,
};

/** What the components of a resource get beside the request. */
export function argsOf(nodeExtension: unknown): Args {
  return Object.freeze({ nodeExtension, handlerExtension: undefined });
}

/** Turns a node and, before itself, everything below it into their final form. Problems are collected. */
export function finalizeNode(
  node: ResourceNode,
  inherited: Inherited,
  problems: DefinitionError[],
): FinalResource {
  return new FinalResource(node, (self) => partsOf(node, self, inherited, problems));
}

function partsOf(
  node: ResourceNode,
  self: FinalResource,
  inherited: Inherited,
  problems: DefinitionError[],
): FinalResourceParts {
  const components = finalizeComponents(node, self, problems);
  const hasLayers = components.receiver !== null || components.passer !== null;
  const layered = hasLayers ? Object.freeze([...inherited.layered, self]) : inherited.layered;
  const place = placeOf(node, layered, inherited);
  const methods = finalizeMethods(node, self, place, problems);
  const outerAnswerer =
    finalizeMistargeted(node, self, place, inherited.answerer, problems) ?? inherited.answerer;
  const answerer = node.config.isSubtreeHandler && methods.hasHandler ? subtreeAnswerer(self) : outerAnswerer;
  place.answerer = answerer;
  return {
    place,
    methods,
    components,
    children: finalizeChildren(node, place, problems),
    answering: { answerer, outerAnswerer },
  };
}

/** The place of a node, as its children inherit it but for the answerer, which is made for the place. */
type Place = { -readonly [Part in keyof Inherited]: Inherited[Part] };

function placeOf(node: ResourceNode, layered: readonly FinalResource[], inherited: Inherited): Place {
  const { pattern, properties, hasExtension, extension } = node;
  const captures = capturesOf(pattern, inherited);
  const fromLayers = inheritedPropertiesOf(layersFor(node, "request-receiver"));
  return {
    depth: inherited.depth + (pattern === null ? 0 : 1),
    matchCount: inherited.matchCount + (pattern?.kind === "regex" ? 1 : 0),
    wildcardCount: inherited.wildcardCount + (pattern?.kind === "wildcard" ? 1 : 0),
    captures,
    properties: overlayProperties(overlayProperties(inherited.properties, fromLayers), properties),
    args: hasExtension ? argsOf(extension) : inherited.args,
    layered,
    answerer: inherited.answerer,
  };
}

function capturesOf(pattern: ResourceNode["pattern"], inherited: Inherited): readonly CaptureSlot[] {
  const { captures, depth, matchCount, wildcardCount } = inherited;
  switch (pattern?.kind) {
    case "wildcard": {
      const { name } = pattern;
      return Object.freeze([
        ...captures,
        { name, index: wildcardCount, depth, group: WHOLE_SEGMENT, isHost: false },
      ]);
    }
    case "regex":
      return Object.freeze([
        ...captures,
        ...pattern.captures.map(({ name, group }) => ({
          name,
          index: matchCount,
          depth,
          group,
          isHost: false,
        })),
      ]);
    default:
      return captures;
  }
}

const NO_CHILDREN: FinalChildren = {
  statics: new Map(),
  regexes: Object.freeze([]),
  wildcard: null,
};

function finalizeChildren(
  node: ResourceNode,
  inherited: Inherited,
  problems: DefinitionError[],
): FinalChildren {
  if (node.isLeaf) {
    return NO_CHILDREN;
  }
  const statics = node.statics.size === 0 ? NO_CHILDREN.statics : new Map<string, FinalResource>();
  node.statics.forEach((child, segment) => {
    (statics as Map<string, FinalResource>).set(segment, finalizeNode(child, inherited, problems));
  });
  const regexes =
    node.regexes.length === 0
      ? NO_CHILDREN.regexes
      : Object.freeze(
          node.regexes.map((child) =>
            Object.freeze({
              pattern: child.pattern as RegexChild["pattern"],
              resource: finalizeNode(child, inherited, problems),
            }),
          ),
        );
  const wildcard = node.wildcard === null ? null : finalizeNode(node.wildcard, inherited, problems);
  return { statics, regexes, wildcard };
}
