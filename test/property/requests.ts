import fc from "fast-check";
import type { NodeSpec, RequestSpec, RouterSpec } from "./tree-spec.ts";

/** A request as it is generated, before there is a tree for it to be near to. */
export interface RequestPlan {
  readonly method: string;
  readonly host: string;
  readonly tree: number;
  readonly steps: readonly StepPlan[];
  readonly slash: string;
  readonly search: string;
}

interface StepPlan {
  readonly kind: "child" | "text" | "empty" | "malformed";
  readonly pick: number;
  readonly text: string;
  readonly encoding: Encoding;
}

/** For each character in turn: as it is where that is allowed, or percent-encoded with digits of either case. */
export type Encoding = readonly ("raw" | "upper" | "lower")[];

export const encodings: fc.Arbitrary<Encoding> = fc.array(fc.constantFrom("raw", "raw", "upper", "lower"), {
  minLength: 1,
  maxLength: 5,
});

const TEXTS = [
  "a",
  "b",
  "ab",
  "x",
  "7",
  "5-days",
  "a.b",
  "é",
  "😀",
  "%61",
  "a/b",
  "{a}",
  "...",
  "a b",
  "-",
  "__proto__",
];
const MALFORMED = [
  "%",
  "%6",
  "%zz",
  "%ff",
  "%C0%AF",
  "%ED%A0%80",
  "%00",
  ".",
  "..",
  "%2e",
  ".%2E",
  "a\\b",
  "a#b",
];

const step: fc.Arbitrary<StepPlan> = fc.record({
  kind: fc.oneof(
    { weight: 16, arbitrary: fc.constant("child" as const) },
    { weight: 4, arbitrary: fc.constant("text" as const) },
    { weight: 2, arbitrary: fc.constantFrom("empty" as const, "empty" as const, "malformed" as const) },
  ),
  pick: fc.nat(40),
  text: fc.constantFrom(...TEXTS),
  encoding: encodings,
});

const SEARCHES = ["", "", "?", "?x=1&y=%2F", "?a?b", "?//evil.com", "?%0d%0aset-cookie:x", "?é", "?a#b"];
const MALFORMED_HOSTS = [
  "",
  "a,b",
  "user@example.com",
  "example.com:99999",
  "a..b",
  "exa mple",
  "example.com/x",
];

const hosts: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .record({
        name: fc.constantFrom(
          "api.example.com",
          "example.com",
          "localhost",
          "en.example.com",
          "other.example.com",
          "a.b.example.com",
          "api.example.com.evil.com",
          "[::1]",
        ),
        upper: fc.boolean(),
        dot: fc.boolean(),
        port: fc.constantFrom("", ":8080", ":"),
      })
      .map(({ name, upper, dot, port }) => {
        const rooted = dot && !name.startsWith("[") ? `${name}.` : name;
        return (upper ? rooted.toUpperCase() : rooted) + port;
      }),
  },
  { weight: 1, arbitrary: fc.constantFrom(...MALFORMED_HOSTS) },
);

export const requestPlans: fc.Arbitrary<RequestPlan> = fc.record({
  method: fc.constantFrom("GET", "GET", "HEAD", "POST", "PURGE", "DELETE"),
  host: hosts,
  tree: fc.nat(8),
  steps: fc.array(step, { maxLength: 5 }),
  slash: fc.constantFrom("", "", "/", "//"),
  search: fc.constantFrom(...SEARCHES),
});

/** The request that a plan means for a tree: mostly one that leads somewhere. */
export function requestFor(router: RouterSpec, plan: RequestPlan): RequestSpec {
  const roots = [
    ...(router.hostless === null ? [] : [router.hostless]),
    ...router.hosts.map(({ root }) => root),
  ];
  let node: NodeSpec | undefined = roots[plan.tree % (roots.length || 1)];
  let path = "";
  for (const { kind, pick, text, encoding } of plan.steps) {
    const child: NodeSpec | undefined = node?.children[pick % (node.children.length || 1)];
    path += `/${kind === "malformed" ? MALFORMED[pick % MALFORMED.length] : encodeWith(segmentFor(kind, child, pick, text), encoding)}`;
    node = child;
  }
  const { method, host, slash, search } = plan;
  return { method, host, target: `${path + slash || "/"}${search}` };
}

function segmentFor(kind: StepPlan["kind"], child: NodeSpec | undefined, pick: number, text: string): string {
  const segment = child?.segment;
  if (kind === "empty") {
    return "";
  }
  if (kind === "text" || !segment || segment.kind === "wildcard") {
    return text;
  }
  return segment.kind === "static"
    ? segment.value
    : (segment.samples[(pick >> 2) % segment.samples.length] as string);
}

/** Encodes a decoded segment: whatever the encoding, it means the same. */
export function encodeWith(segment: string, encoding: Encoding): string {
  const isDots = segment === "." || segment === "..";
  return Array.from(segment, (character, index) => {
    const how = encoding[index % encoding.length];
    if (how === "raw" && (isDots || !/[\0-\x20\x7f/?#%\\]/.test(character))) {
      return character;
    }
    return Array.from(new TextEncoder().encode(character), (byte) => {
      const digits = byte.toString(16).padStart(2, "0");
      return `%${how === "lower" ? digits : digits.toUpperCase()}`;
    }).join("");
  }).join("");
}
