import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { evaluatePreconditions, type Validators } from "../../src/response/preconditions.ts";

const MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT";
const BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT";
const AFTER = "Sun, 06 Nov 1994 08:49:38 GMT";
const CURRENT: Validators = { etag: '"v1"', lastModified: new Date("1994-11-06T08:49:37.900Z") };

function evaluate(
  method: string,
  headers: Readonly<Record<string, string>>,
  current: Validators | null = CURRENT,
) {
  return evaluatePreconditions(method, (name) => headers[name], current);
}

type Row = readonly [
  method: string,
  headers: Readonly<Record<string, string>>,
  expected: string,
  current?: Validators | null,
];

const ROWS: readonly Row[] = [
  ["GET", {}, "proceed"],
  // Step 1: If-Match, compared strongly.
  ["GET", { "if-match": '"v1"' }, "proceed"],
  ["PUT", { "if-match": '"v1"' }, "proceed"],
  ["PUT", { "if-match": '"v0", "v1"' }, "proceed"],
  ["PUT", { "if-match": '"v0"' }, "failed"],
  ["PUT", { "if-match": 'W/"v1"' }, "failed"],
  ["PUT", { "if-match": '"v1"' }, "failed", { etag: 'W/"v1"' }],
  ["PUT", { "if-match": 'W/"v1"' }, "failed", { etag: 'W/"v1"' }],
  ["PUT", { "if-match": "*" }, "proceed"],
  ["PUT", { "if-match": " * " }, "proceed"],
  ["PUT", { "if-match": "*" }, "failed", null],
  ["PUT", { "if-match": "*" }, "proceed", {}],
  ["PUT", { "if-match": '"v1"' }, "failed", {}],
  ["PUT", { "if-match": "" }, "failed"],
  ["DELETE", { "if-match": "garbage" }, "failed"],
  // Step 2: If-Unmodified-Since, only without If-Match.
  ["PUT", { "if-unmodified-since": MODIFIED }, "proceed"],
  ["PUT", { "if-unmodified-since": AFTER }, "proceed"],
  ["PUT", { "if-unmodified-since": BEFORE }, "failed"],
  ["GET", { "if-unmodified-since": BEFORE }, "failed"],
  ["PUT", { "if-unmodified-since": BEFORE, "if-match": '"v1"' }, "proceed"],
  ["PUT", { "if-unmodified-since": BEFORE }, "proceed", { etag: '"v1"' }],
  ["PUT", { "if-unmodified-since": BEFORE }, "proceed", null],
  ["PUT", { "if-unmodified-since": "yesterday" }, "proceed"],
  // Step 3: If-None-Match, compared weakly.
  ["GET", { "if-none-match": '"v1"' }, "not-modified"],
  ["HEAD", { "if-none-match": '"v1"' }, "not-modified"],
  ["GET", { "if-none-match": 'W/"v1"' }, "not-modified"],
  ["GET", { "if-none-match": '"v1"' }, "not-modified", { etag: 'W/"v1"' }],
  ["GET", { "if-none-match": '"v0","v1"' }, "not-modified"],
  ["GET", { "if-none-match": '"v0"' }, "proceed"],
  ["GET", { "if-none-match": "*" }, "not-modified"],
  ["GET", { "if-none-match": "*" }, "proceed", null],
  ["PUT", { "if-none-match": "*" }, "failed"],
  ["PUT", { "if-none-match": "*" }, "proceed", null],
  ["PUT", { "if-none-match": '"v1"' }, "failed"],
  ["POST", { "if-none-match": '"v0"' }, "proceed"],
  // Step 4: If-Modified-Since, only for reading and only without If-None-Match.
  ["GET", { "if-modified-since": MODIFIED }, "not-modified"],
  ["HEAD", { "if-modified-since": AFTER }, "not-modified"],
  ["GET", { "if-modified-since": BEFORE }, "proceed"],
  ["PUT", { "if-modified-since": MODIFIED }, "proceed"],
  ["GET", { "if-modified-since": MODIFIED, "if-none-match": '"v0"' }, "proceed"],
  ["GET", { "if-modified-since": "0" }, "proceed"],
  ["GET", { "if-modified-since": MODIFIED }, "proceed", {}],
  ["GET", { "if-modified-since": MODIFIED }, "proceed", { lastModified: new Date(Number.NaN) }],
  // What comes first decides.
  ["GET", { "if-match": '"v0"', "if-none-match": '"v1"' }, "failed"],
  ["GET", { "if-match": '"v1"', "if-none-match": '"v1"' }, "not-modified"],
  ["GET", { "if-none-match": '"v1"', range: "bytes=0-1", "if-range": '"v0"' }, "not-modified"],
  // Step 5: If-Range, compared strongly, only for GET with Range.
  ["GET", { range: "bytes=0-1" }, "proceed"],
  ["GET", { range: "bytes=0-1", "if-range": '"v1"' }, "proceed"],
  ["GET", { range: "bytes=0-1", "if-range": '"v0"' }, "ignore-range"],
  ["GET", { range: "bytes=0-1", "if-range": 'W/"v1"' }, "ignore-range"],
  ["GET", { range: "bytes=0-1", "if-range": 'W/"v1"' }, "ignore-range", { etag: 'W/"v1"' }],
  ["GET", { range: "bytes=0-1", "if-range": '"v1"' }, "ignore-range", {}],
  ["GET", { range: "bytes=0-1", "if-range": MODIFIED }, "proceed"],
  ["GET", { range: "bytes=0-1", "if-range": AFTER }, "ignore-range"],
  ["GET", { range: "bytes=0-1", "if-range": BEFORE }, "ignore-range"],
  ["GET", { range: "bytes=0-1", "if-range": MODIFIED }, "ignore-range", { etag: '"v1"' }],
  ["GET", { range: "bytes=0-1", "if-range": "nonsense" }, "ignore-range"],
  ["GET", { range: "bytes=0-1", "if-range": "" }, "ignore-range", null],
  ["GET", { "if-range": '"v0"' }, "proceed"],
  ["HEAD", { range: "bytes=0-1", "if-range": '"v0"' }, "proceed"],
  // Methods that are about no representation.
  ["OPTIONS", { "if-match": '"v0"' }, "proceed"],
  ["CONNECT", { "if-none-match": "*" }, "proceed"],
  ["TRACE", { "if-unmodified-since": BEFORE }, "proceed"],
];

test.each(ROWS)("%s %o: %s", (...row) => {
  const [method, headers, expected, current] = row as unknown as Row;
  expect(evaluate(method, headers, current)).toBe(expected);
});

describe("a list of entity tags", () => {
  it.each([
    ['abc, "v1"', true],
    ['"unclosed, "v1"', true],
    [',, ,"v1",', true],
    ['\t"v1"\t', true],
    ['"v0" "v1"', true],
    ['w/"v1"', false],
    ['"v1"x', false],
    ["v1", false],
    ['"v1', false],
    ['""', false],
    [`"${"a".repeat(20_000)}`, false],
    [`${'"'.repeat(10_001)}`, false],
  ])("survives garbage: %s", (list, isFound) => {
    expect(evaluate("GET", { "if-none-match": list })).toBe(isFound ? "not-modified" : "proceed");
  });

  it("may have commas inside of tags", () => {
    const current = { etag: '"a,b"' };
    expect(evaluate("GET", { "if-none-match": '"x","a,b"' }, current)).toBe("not-modified");
    expect(evaluate("GET", { "if-none-match": '"a' }, current)).toBe("proceed");
  });

  it("never throws, and a wildcard is one only by itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (list, date) => {
        const answer = evaluate("GET", {
          "if-none-match": list,
          "if-modified-since": date,
          "if-range": list,
        });
        return answer === "proceed" || list.includes("v1") || list.trim() === "*";
      }),
    );
    expect(evaluate("GET", { "if-none-match": '*, "v0"' })).toBe("proceed");
  });
});
