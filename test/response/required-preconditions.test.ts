import { assertPreconditions, type Validators } from "argania";
import { expect, test } from "vitest";

const MODIFIED = "Fri, 01 May 2026 10:00:00 GMT";
const AFTER = "Fri, 01 May 2026 10:00:01 GMT";
const BEFORE = "Fri, 01 May 2026 09:59:59 GMT";
const TAGGED: Validators = { etag: '"1"' };
const DATED: Validators = { lastModified: new Date(MODIFIED) };
const NO_DATE: Validators = { etag: '"1"', lastModified: new Date(Number.NaN) };

type Row = readonly [headers: Readonly<Record<string, string>>, current: Validators | null, expected: string];

const REQUIRED = "ARGANIA_PRECONDITION_REQUIRED";
const FAILED = "ARGANIA_PRECONDITION_FAILED";

const ROWS: readonly Row[] = [
  [{}, TAGGED, REQUIRED],
  [{}, null, REQUIRED],
  [{ "if-match": '"1"' }, TAGGED, "passes"],
  [{ "if-match": '"0"' }, TAGGED, FAILED],
  [{ "if-match": "" }, TAGGED, FAILED],
  [{ "if-match": '"1"' }, null, FAILED],
  // A date counts only where it can be compared.
  [{ "if-unmodified-since": "x" }, TAGGED, REQUIRED],
  [{ "if-unmodified-since": "x" }, DATED, REQUIRED],
  [{ "if-unmodified-since": MODIFIED }, TAGGED, REQUIRED],
  [{ "if-unmodified-since": MODIFIED }, NO_DATE, REQUIRED],
  [{ "if-unmodified-since": MODIFIED }, null, REQUIRED],
  [{ "if-unmodified-since": MODIFIED }, DATED, "passes"],
  [{ "if-unmodified-since": AFTER }, DATED, "passes"],
  [{ "if-unmodified-since": BEFORE }, DATED, FAILED],
  // Creating.
  [{ "if-none-match": "*" }, null, "passes"],
  [{ "if-none-match": "*" }, TAGGED, FAILED],
  [{ "if-none-match": '"0"' }, TAGGED, REQUIRED],
];

test.each(ROWS)("PUT %o where there is %o: %s", (headers, current, expected) => {
  const request = { method: "PUT", header: (name: string) => headers[name] };
  let outcome = "passes";
  try {
    expect(assertPreconditions(request, current, { required: true })).toBe(false);
  } catch (error) {
    outcome = (error as { code: string }).code;
  }
  expect(outcome).toBe(expected);
});
