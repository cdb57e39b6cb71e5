/** A tree as the properties generate it: data from which both the framework's tree and the model's answers come. */
export interface NodeSpec {
  /** Unique in its forest: what its handlers answer with. */
  readonly id: string;
  /** `null` for a root. */
  readonly segment: SegmentSpec | null;
  readonly slash: boolean;
  readonly symbol: "" | "!" | "?";
  readonly isSubtreeHandler: boolean;
  /** In the order set. */
  readonly methods: readonly string[];
  readonly wildcardMethod: "none" | "handler" | "null";
  readonly hasMistargetedHandler: boolean;
  readonly layers: LayerCounts;
  readonly children: readonly NodeSpec[];
}

/** How many layers each component has. */
export interface LayerCounts {
  readonly receiver: number;
  readonly passer: number;
  readonly requestHandler: number;
  /** Through `_methodHandler(…)`, around all methods of the node. */
  readonly method: number;
  /** Through `wrappedIn(…)`, around each handler by itself. */
  readonly own: number;
  readonly wildcardMethod: number;
  readonly mistargeted: number;
}

export type SegmentSpec = StaticSpec | RegexSpec | WildcardSpec;

export interface StaticSpec {
  readonly kind: "static";
  readonly pattern: string;
  readonly value: string;
}

export interface RegexSpec {
  readonly kind: "regex";
  readonly pattern: string;
  /** The same with the platform's own regexes, written by hand. */
  readonly regExp: RegExp;
  readonly names: readonly string[];
  /** Segments that match, or nearly do. */
  readonly samples: readonly string[];
}

export interface WildcardSpec {
  readonly kind: "wildcard";
  readonly pattern: string;
  readonly name: string;
}

export interface HostSpec {
  readonly pattern: string;
  readonly value: string | null;
  readonly regExp: RegExp | null;
  readonly names: readonly string[];
  readonly root: NodeSpec;
}

export interface RouterSpec {
  readonly layers: number;
  readonly hosts: readonly HostSpec[];
  readonly hostless: NodeSpec | null;
}

export interface RequestSpec {
  readonly method: string;
  /** As it stands in the request line. */
  readonly target: string;
  readonly host: string;
}

export const NO_LAYERS: LayerCounts = {
  receiver: 0,
  passer: 0,
  requestHandler: 0,
  method: 0,
  own: 0,
  wildcardMethod: 0,
  mistargeted: 0,
};

export const STATICS: readonly StaticSpec[] = [
  ["a", "a"],
  ["b", "b"],
  ["ab", "ab"],
  ["a b", "a b"],
  ["é", "é"],
  ["x%2Fy", "x/y"],
  ["{{a}}", "{a}"],
  ["5-days", "5-days"],
  ["a.b", "a.b"],
  ["...", "..."],
  ["%61", "%61"],
  ["constructor", "constructor"],
].map(([pattern = "", value = ""]) => ({ kind: "static", pattern, value }));

/** Regexes whose captures are called after the depth, so that names are unique along a path. */
export function regexesAt(depth: number): readonly RegexSpec[] {
  const [p, q] = [`p${depth}`, `q${depth}`];
  return [
    regex(`{${p}:5|10}-days`, /^(5|10)-days$/u, [p], ["5-days", "10-days", "510-days", "5-days\n"]),
    regex(`id:{${p}:A|B}{${q}:\\d{2}}`, /^id:(A|B)(\d{2})$/u, [p, q], ["id:A12", "id:B123", "id:C12"]),
    regex(
      `{${p}}.{${q}}`,
      /^([^.]+)\.([\s\S]+)$/u,
      [p, q],
      ["a.b", "a.b.c", ".b", "a.", "a\n.b\n", "a/b.c/d"],
    ),
    regex(`{${p}:[ab]+}`, /^([ab]+)$/u, [p], ["ab", "ba", "a", "abc", "a".repeat(256), "a".repeat(257)]),
    regex(`{${p}:.+}-{${q}:.+}`, /^(.+)-(.+)$/u, [p, q], ["a-b", "a-b-c", "--", "-", "---", "a\n-b", "😀-é"]),
    regex(`{${p}:a?}{${q}:b?}c`, /^(a?)(b?)c$/u, [p, q], ["abc", "c", "ac", "bc", "bac"]),
  ];
}

function regex(
  pattern: string,
  regExp: RegExp,
  names: readonly string[],
  samples: readonly string[],
): RegexSpec {
  return { kind: "regex", pattern, regExp, names, samples };
}

export const STATIC_HOSTS: readonly string[] = ["api.example.com", "example.com", "localhost"];

export function hostSpecs(): readonly Omit<HostSpec, "root">[] {
  return [
    ...STATIC_HOSTS.map((value) => ({ pattern: value, value, regExp: null, names: [] })),
    {
      pattern: "{lang:en|fr}.example.com",
      value: null,
      regExp: /^(en|fr)\.example\.com$/u,
      names: ["lang"],
    },
    { pattern: "{tenant}.example.com", value: null, regExp: /^([^.]+)\.example\.com$/u, names: ["tenant"] },
  ];
}
