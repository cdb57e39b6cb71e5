import { expect, test } from "vitest";
import { type CapturePart, splitSegment } from "../../src/pattern/parse-segment.ts";
import { formatPath, parseResourcePattern } from "../../src/pattern/resource-pattern.ts";
import { parseSegmentPattern, type SegmentPattern } from "../../src/pattern/segment-pattern.ts";
import cases from "../data/argan.json" with { type: "json" };

/** argan's own unit tests, restated as data: what their fields mean is told in the notes of the cases. */
interface Case {
  readonly id: string;
  readonly group: string;
  readonly pattern: string;
  readonly expectParse?: { readonly kind: string; readonly stored: string };
  readonly expectSplit?: readonly (string | Readonly<Record<string, string | null>>)[];
  readonly expectSubpattern?: string;
  readonly expectRestored?: string;
  readonly expectConfig?: {
    readonly path?: string;
    readonly endsWithSlash: boolean;
    readonly onUnmatchingSlash: string;
    readonly subtreeHandler: boolean;
    readonly lastSegmentKind?: string;
  };
  readonly tree?: readonly { readonly pattern: string }[];
  readonly patternKind?: string;
  readonly requests?: readonly {
    readonly uri: string;
    readonly expect: { readonly status: number; readonly params?: Readonly<Record<string, string>> };
  }[];
}

function casesWith(field: keyof Case): readonly Case[] {
  const groups = ["pattern-parse", "pattern-match", "config"];
  return (cases as unknown as readonly Case[]).filter((each) => groups.includes(each.group) && field in each);
}

function parse(text: string): SegmentPattern {
  return parseSegmentPattern(text, { pattern: text, offset: 0 });
}

test.each(casesWith("expectParse"))(
  "$id: $pattern has its kind and its value",
  ({ pattern, expectParse }) => {
    const parsed = parse(pattern);
    expect(parsed.kind).toBe(expectParse?.kind);
    if (parsed.kind === "static") {
      expect(parsed.value).toBe(decodeURIComponent(expectParse?.stored as string));
    } else if (parsed.kind === "wildcard") {
      expect(parsed.name).toBe(expectParse?.stored);
    } else {
      // argan writes (?P<name>regex), \A and \z where JavaScript has (regex), ^ and $.
      const own = parsed.parts.map((part) =>
        part.kind === "text" ? part.text.replace(/[.{}]/g, "\\$&") : `(?P<${part.name}>${part.source})`,
      );
      expect(`\\A${own.join("")}\\z`.replace("[\\s\\S]+", ".+")).toBe(expectParse?.stored);
    }
  },
);

test.each(casesWith("expectSplit"))("$id: $pattern splits into parts", ({ pattern, expectSplit }) => {
  const parts = splitSegment(pattern).map((part) =>
    part.kind === "text" ? part.text : { [part.name]: part.source },
  );
  expect(parts).toEqual(expectSplit);
});

test.each(casesWith("expectSubpattern"))("$id: $pattern has its regex", ({ pattern, expectSubpattern }) => {
  // Case 069 ends with a brace that closes nothing, which is refused as a whole.
  const end = pattern.indexOf(`${expectSubpattern}}`) + (expectSubpattern as string).length + 1;
  const [first] = splitSegment(pattern.slice(0, end));
  expect((first as CapturePart).source).toBe(expectSubpattern);
  if (end < pattern.length) {
    expect(() => splitSegment(pattern)).toThrow("closes nothing");
  }
});

test.each(casesWith("expectRestored"))("$id: $pattern holds slashes", ({ pattern, expectRestored }) => {
  expect(parse(pattern)).toMatchObject({ kind: "static", text: pattern, value: expectRestored });
});

test.each(casesWith("expectConfig"))("$id: $pattern is configured", ({ pattern, expectConfig }) => {
  const parsed = parseResourcePattern(pattern);
  expect(parsed).toMatchObject({
    endsWithSlash: expectConfig?.endsWithSlash,
    onUnmatchingSlash: expectConfig?.onUnmatchingSlash,
    isSubtreeHandler: expectConfig?.subtreeHandler,
  });
  if (expectConfig?.path !== undefined) {
    expect(formatPath(parsed.segments, parsed.endsWithSlash)).toBe(expectConfig.path);
  }
  if (parsed.segments.length > 0 && expectConfig?.lastSegmentKind !== undefined) {
    expect(parsed.segments.at(-1)?.kind).toBe(expectConfig.lastSegmentKind);
  }
});

test.each(casesWith("tree").filter((each) => each.group === "pattern-match"))("$id matches", (each) => {
  const segment = parseResourcePattern(each.tree?.[0]?.pattern as string).segments[1] as SegmentPattern;
  expect(segment.kind).toBe(each.patternKind);
  for (const { uri, expect: expected } of each.requests ?? []) {
    const text = decodeURIComponent(uri.slice("/x/".length));
    const params = expected.status === 200 ? expected.params : null;
    expect(paramsOf(segment, text), uri).toEqual(params);
  }
});

function paramsOf(segment: SegmentPattern, text: string): Record<string, string | undefined> | null {
  switch (segment.kind) {
    case "static":
      return segment.value === text ? {} : null;
    case "wildcard":
      return { [segment.name]: text };
    case "regex": {
      const match = segment.match(text);
      return match && Object.fromEntries(segment.captures.map(({ name, group }) => [name, match[group]]));
    }
  }
}
