import {
  _get,
  _wildcardMethod,
  attempt,
  header,
  hostParams,
  optional,
  pathParams,
  peer,
  queryParams,
} from "argania";
import { describe, expect, it } from "vitest";

const untyped = (value: unknown) => value as never;
const handler = () => "x";
const ARRAY = "Put extractors into an array";

describe("extractors", () => {
  it.each<[string, () => unknown, string]>([
    [
      "without an array",
      () => _get.to(untyped(queryParams), untyped(handler)),
      `${ARRAY}: .to([queryParams], handler)`,
    ],
    ["that are objects without an array", () => _get.to(untyped(header("x")), untyped(handler)), ARRAY],
    ["in a row", () => _wildcardMethod.to(untyped(peer), untyped(pathParams)), ARRAY],
    ["as the handler", () => _get.to(untyped(queryParams)), ARRAY],
    ["replaced by a function", () => _get.to(untyped(handler), untyped(handler)), ".wrappedIn(layer)"],
    ["behind null", () => _wildcardMethod.to(untyped(null), untyped(handler)), ".wrappedIn(layer)"],
    [
      "without a handler",
      () => _get.to([queryParams], untyped(undefined)),
      "a handler is a function, not undefined",
    ],
    [
      "that are none",
      () => _get.to(untyped([peer, 7]), untyped(handler)),
      "number 2 of 2 in .to([…], handler) is a number",
    ],
    ["that were not called", () => _get.to(untyped([header]), untyped(handler)), "call it: header(…)"],
    [
      "of no schema",
      () => queryParams(untyped({ page: 1 })),
      'For rules of fastest-validator write import "argania/fastest-validator"; once',
    ],
    [
      "of a number",
      () => pathParams(untyped(7)),
      "pathParams takes a schema that follows Standard Schema, or rules of fastest-validator, not a number",
    ],
    ["of a schema that is undefined yet", () => hostParams(untyped(undefined)), "not undefined"],
    ["of null", () => hostParams(untyped(null)), "fastest-validator, not null"],
    ["of nothing, optional", () => optional(untyped(undefined)), "what optional(…) got is undefined"],
    ["of a text, attempted", () => attempt(untyped("x")), "what attempt(…) got is a string"],
    ["of a function, attempted", () => attempt(untyped(header)), "call it: header(…)"],
    ["of no header", () => header(untyped(undefined)), "not undefined: write header("],
    ["of a bad header", () => header("bad name"), 'not "bad name"'],
    ["of an empty header", () => header(""), 'not ""'],
  ])("%s are a TypeError that says what to write", (_, act, message) => {
    expect(act).toThrow(TypeError);
    expect(act).toThrow(message);
  });

  it("that take no schema stay as they are", () => {
    for (const extractor of [queryParams(), pathParams(), hostParams(), queryParams, optional(queryParams)]) {
      expect(() => _get.to([extractor], handler)).not.toThrow();
    }
  });
});
