import { _get, _requestPasser, _requestReceiver, around, PropertyKind, Resource } from "argania";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_AUTHORITY } from "../../src/request/authority.ts";
import { Route } from "../../src/request/route.ts";
import type { FinalResource } from "../../src/resource/final-resource.ts";
import { finalizeNode, NOTHING_INHERITED } from "../../src/resource/finalize-node.ts";
import { matchDecoded, matchPath } from "../../src/resource/match-path.ts";
import { PathTree } from "../../src/resource/path-tree.ts";

const color = new PropertyKind("color", "red");
const layer = around((_, next) => next());

interface Plan {
  readonly path: readonly string[];
  readonly symbols: string;
  readonly effects: readonly string[];
}

function treeOf(plans: readonly Plan[]): PathTree {
  const root = new Resource("/");
  for (const { path, symbols, effects } of plans) {
    try {
      const resource = root.subresource(`/${path.join("/")}${symbols}`);
      for (const effect of effects) {
        apply(resource, effect);
      }
    } catch {
      // A second wildcard, or a second way to treat slashes: the tree is as it was.
    }
  }
  return new PathTree(finalizeNode(Resource.nodeOf(root), NOTHING_INHERITED, []));
}

function apply(resource: Resource<string>, effect: string): void {
  if (effect === "get") {
    resource.setHandlerFor(_get.to(() => ""));
  } else if (effect === "receiver") {
    resource.addLayerTo(_requestReceiver(layer));
  } else if (effect === "passer") {
    resource.addLayerTo(_requestPasser(layer));
  } else {
    resource.setProperty(color.to("blue"));
  }
}

/** All that a request notices of where it was led. */
function outcomeOf(match: typeof matchPath, tree: PathTree, target: string): unknown {
  const route = new Route(target, NO_AUTHORITY);
  const problem = match(tree, route);
  if (problem !== null) {
    return problem;
  }
  const stop = route.stop as FinalResource;
  const arrived = route.isAtEnd && stop.hasHandler;
  const { answerer, layered, properties } = stop;
  route.answerAt(stop);
  return {
    arrived: arrived ? stop : null,
    params: { ...route.params() },
    slash: route.endsWithSlash,
    path: [route.path.path, route.path.search, [...route.path.segments()]],
    stop: [answerer, layered, properties],
  };
}

const decoded: typeof matchPath = (tree, route) => matchDecoded(tree.root, route);

const TEXTS = ["a", "b", "ab", "ac", "abc", "a.b", "a-b", "é", "x y", "a%2Fb", "12"];
const DYNAMIC = ["{w}", "{n:\\d+}", "{f}.{e}", "a{r:b|c}"];
const segments = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...TEXTS) }, fc.constantFrom(...DYNAMIC));

const plans: fc.Arbitrary<Plan[]> = fc.array(
  fc.record({
    // Names differ by level, as they must on one way through a tree.
    path: fc
      .array(segments, { minLength: 1, maxLength: 5 })
      .map((path) => path.map((segment, level) => segment.replace(/\{(\w)/g, `{$1${level}`))),
    symbols: fc.constantFrom("", "", "/", " !", " ?", " *", "/ *"),
    effects: fc.subarray(["get", "get", "receiver", "passer", "color"], { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 12 },
);

const pieces = fc.constantFrom(
  ...TEXTS.map((text) => (text === "a%2Fb" ? text : encodeURIComponent(text))),
  "%61",
  "abcd",
  "a?b",
  "",
  ".",
  "..",
  ".a",
  "7",
  "a;b=c",
  "\\",
  "#",
  "%",
  '"',
  "\xc3\xa9",
);
const targets = fc
  .tuple(fc.array(pieces, { maxLength: 6 }), fc.constantFrom("", "/", "//", "?", "?q=1/x", "/?#", "?%"))
  .map(([path, end]) => `/${path.join("/")}${end}`);

describe("where a path leads", () => {
  it("is where its decoded segments lead, however it is found", () => {
    let arrived = 0;
    fc.assert(
      fc.property(plans, fc.array(targets, { minLength: 1, maxLength: 30 }), (spec, paths) => {
        const tree = treeOf(spec);
        const written = spec.map(({ path }) => `/${path.join("/").replaceAll(/\{[^/]*/g, "12")}`);
        for (const target of [...paths, ...written.flatMap((path) => [path, `${path}/`, `${path}?x`])]) {
          const outcome = outcomeOf(matchPath, tree, target);
          expect(outcome, target).toEqual(outcomeOf(decoded, tree, target));
          arrived += (outcome as { arrived?: unknown }).arrived ? 1 : 0;
        }
      }),
      { numRuns: 300 },
    );
    expect(arrived).toBeGreaterThan(300);
  });

  it("is the static child, not a wildcard beside it that could go on", () => {
    const tree = treeOf([
      { path: ["a", "b", "c"], symbols: "", effects: ["get"] },
      { path: ["{w}", "b"], symbols: "", effects: ["get"] },
    ]);
    const route = new Route("/a/b", NO_AUTHORITY);
    expect(matchPath(tree, route)).toBeNull();
    expect((route.stop as FinalResource).hasHandler).toBe(false);
  });

  it("is found for each of many children", () => {
    const names = Array.from({ length: 3_000 }, (_, index) => `s${(index * 7_919) % 10_007}`);
    const tree = treeOf(names.map((name) => ({ path: ["all", name, "{w}"], symbols: "", effects: ["get"] })));
    for (const name of names) {
      const route = new Route(`/all/${name}/x`, NO_AUTHORITY);
      expect(matchPath(tree, route)).toBeNull();
      expect([route.isAtEnd, (route.stop as FinalResource).captures.length]).toEqual([true, 1]);
      const astray = new Route(`/all/${name}0x/x`, NO_AUTHORITY);
      expect(matchPath(tree, astray)).toBeNull();
      expect(astray.isAtEnd).toBe(false);
    }
  });
});
