import fc from "fast-check";
import {
  type HostSpec,
  hostSpecs,
  type LayerCounts,
  NO_LAYERS,
  type NodeSpec,
  type RouterSpec,
  regexesAt,
  type SegmentSpec,
  STATICS,
} from "./tree-spec.ts";

const MAX_DEPTH = 3;

/** Routers with up to three hosts and a tree without one. */
export function routers(withLayers: boolean): fc.Arbitrary<RouterSpec> {
  const root = nodes(0, withLayers);
  const hosts = fc
    .shuffledSubarray([...hostSpecs()], { maxLength: 3 })
    .chain((specs) =>
      fc.tuple(...specs.map((spec) => root.map((tree): HostSpec => ({ ...spec, root: tree })))),
    );
  return fc
    .record({
      layers: withLayers ? fc.nat(2) : fc.constant(0),
      hosts: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: hosts }),
      hostless: fc.option(root, { freq: 8 }),
    })
    .map(withIds);
}

function nodes(depth: number, withLayers: boolean): fc.Arbitrary<NodeSpec> {
  const children = depth === MAX_DEPTH ? fc.constant([]) : childrenAt(depth + 1, withLayers);
  return fc.record({
    id: fc.constant(""),
    segment: depth === 0 ? fc.constant(null) : segmentsAt(depth),
    slash: depth === 0 ? fc.constant(false) : fc.boolean(),
    symbol: depth === 0 ? fc.constant("" as const) : fc.constantFrom("", "", "!", "?"),
    isSubtreeHandler: often(false, true),
    methods: fc.oneof(
      { weight: 3, arbitrary: fc.shuffledSubarray(["GET", "POST", "PURGE", "HEAD"], { maxLength: 3 }) },
      { weight: 1, arbitrary: fc.constant([]) },
    ),
    wildcardMethod: fc.constantFrom("none", "none", "none", "handler", "null"),
    hasMistargetedHandler: often(false, true),
    layers: withLayers ? layerCounts : fc.constant(NO_LAYERS),
    children,
  });
}

function childrenAt(depth: number, withLayers: boolean): fc.Arbitrary<NodeSpec[]> {
  return fc.uniqueArray(nodes(depth, withLayers), {
    maxLength: depth === 1 ? 5 : 3,
    selector: ({ segment }) => (segment?.kind === "wildcard" ? "wildcard" : segment?.pattern),
  });
}

function segmentsAt(depth: number): fc.Arbitrary<SegmentSpec> {
  const wildcard = { kind: "wildcard", pattern: `{w${depth}}`, name: `w${depth}` } as const;
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<SegmentSpec>(...STATICS) },
    { weight: 3, arbitrary: fc.constantFrom<SegmentSpec>(...regexesAt(depth)) },
    { weight: 2, arbitrary: fc.constant<SegmentSpec>(wildcard) },
  );
}

const layerCount = fc.constantFrom(0, 0, 1, 2);
const layerCounts: fc.Arbitrary<LayerCounts> = fc.record({
  receiver: layerCount,
  passer: layerCount,
  requestHandler: layerCount,
  method: layerCount,
  own: layerCount,
  wildcardMethod: layerCount,
  mistargeted: layerCount,
});

function often<T>(value: T, other: T): fc.Arbitrary<T> {
  return fc.constantFrom(value, value, value, other);
}

function withIds(router: RouterSpec): RouterSpec {
  let count = 0;
  const named = (node: NodeSpec): NodeSpec => ({
    ...node,
    id: `n${count++}`,
    children: node.children.map(named),
  });
  const hosts = router.hosts.map((host) => ({ ...host, root: named(host.root) }));
  return { ...router, hosts, hostless: router.hostless && named(router.hostless) };
}
