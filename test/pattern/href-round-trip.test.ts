import fc from "fast-check";
import { expect, test } from "vitest";
import { HrefBuilder } from "../../src/pattern/href.ts";
import { HrefError } from "../../src/pattern/href-error.ts";
import { parseResourcePattern, type ResourcePattern } from "../../src/pattern/resource-pattern.ts";
import { parseRoutePath, type RoutePath } from "../../src/request/route-path.ts";

const PATTERNS = [
  "/{a}",
  "/{a}/",
  "/x y/{a}/{{é}}/{b}",
  "/{a}.{b}",
  "/{a:.+}-{b:.+}",
  "/{a:.+?}-{b}",
  "/{a:[^-]*}-{b:(x)?.*}",
  "/{a:a*}{b:a*b?}",
  "/%2F{a:[^%2F]+}%2F{b}/{c}/",
].map((pattern) => parseResourcePattern(pattern));

/** Short strings of the characters that URLs and patterns treat specially, and long ones of any. */
const texts = fc.oneof(
  fc.string({
    unit: fc.constantFrom("a", "b", "x", "-", ".", "/", "%", "2", "F", "é", "?", "#", "\\", "😀"),
    maxLength: 6,
  }),
  fc.string({ unit: "binary", maxLength: 300 }),
);

test("what href() builds is matched with the same params, or refused", () => {
  let built = 0;
  fc.assert(
    fc.property(fc.constantFrom(...PATTERNS), texts, texts, texts, (pattern, a, b, c) => {
      const names = pattern.segments.flatMap((segment) => segment.captureNames);
      const params = Object.fromEntries(Object.entries({ a, b, c }).filter(([name]) => names.includes(name)));
      const url = hrefOf(pattern, params);
      if (url !== null) {
        built++;
        expect(paramsOf(pattern, url)).toEqual(params);
      }
    }),
    { numRuns: 2_000 },
  );
  expect(built).toBeGreaterThan(200);
});

test("what was matched is built again", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...PATTERNS),
      fc.array(texts, { minLength: 1, maxLength: 4 }),
      (pattern, segments) => {
        const path = `/${segments.map(encodeURIComponent).join("/")}${pattern.endsWithSlash ? "/" : ""}`;
        const params = paramsOf(pattern, path);
        if (params !== null && Object.values(params).every((value) => value !== "")) {
          const url = hrefOf(pattern, params);
          expect(url === null ? null : paramsOf(pattern, url)).toEqual(params);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});

function hrefOf(pattern: ResourcePattern, params: Readonly<Record<string, string>>): string | null {
  try {
    return new HrefBuilder(null, pattern.segments, pattern.endsWithSlash).build(params);
  } catch (error) {
    expect(error).toBeInstanceOf(HrefError);
    return null;
  }
}

/** Routes the URL the way that a request is routed, through the parser of request targets. */
function paramsOf(pattern: ResourcePattern, url: string): Record<string, string> | null {
  const path = parseRoutePath(url);
  if (typeof path === "string") {
    return null;
  }
  const segments = path.segments();
  if (segments.length !== pattern.segments.length || path.endsWithSlash !== pattern.endsWithSlash) {
    return null;
  }
  return matchAll(pattern, segments);
}

function matchAll(
  pattern: ResourcePattern,
  segments: ReturnType<RoutePath["segments"]>,
): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const [index, segment] of pattern.segments.entries()) {
    const text = segments[index] as string;
    if (text === "" || (segment.kind === "static" && segment.value !== text)) {
      return null;
    }
    if (segment.kind === "wildcard") {
      params[segment.name] = text;
    } else if (segment.kind === "regex") {
      const match = segment.match(text);
      if (match === null) {
        return null;
      }
      for (const { name, group } of segment.captures) {
        params[name] = match[group] ?? "";
      }
    }
  }
  return params;
}
