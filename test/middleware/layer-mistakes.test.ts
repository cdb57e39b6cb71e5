import {
  around,
  ErrorHandlerLayer,
  RedirectionLayer,
  RequestExtensionsModifierLayer,
  RequestSignals,
  RequestSignalsLayer,
} from "argania";
import { describe, expect, test } from "vitest";

/** Arguments that come from mistakes: nothing, what a function returned, the options of another layer. */
const NO_FUNCTIONS = [undefined, null, true, 7, "x", {}, [() => {}], new Map(), Promise.resolve()];
const NO_REGISTRIES = [
  null,
  false,
  7,
  "requestStarted",
  () => new RequestSignals(),
  RequestSignals,
  {},
  [],
  { signals: new RequestSignals() },
  new RequestSignals().requestStarted,
  { ...new RequestSignals() },
  { receiverCount: () => 0, requestStarted: {}, requestFinished: {}, requestException: {} },
];

const makers: [string, (value: never) => unknown, readonly unknown[], string][] = [
  [
    "RequestExtensionsModifierLayer",
    (value) => new RequestExtensionsModifierLayer(value),
    NO_FUNCTIONS,
    "write (extensions, context) =>",
  ],
  [
    "RequestSignalsLayer",
    (value) => new RequestSignalsLayer(value),
    NO_REGISTRIES,
    "write new RequestSignalsLayer(new RequestSignals())",
  ],
  ["ErrorHandlerLayer", (value) => new ErrorHandlerLayer(value), NO_FUNCTIONS, "(error, context, args) =>"],
  [
    "RedirectionLayer",
    (value) => new RedirectionLayer(308, value),
    NO_FUNCTIONS,
    'write RedirectionLayer.permanentTo("/new")',
  ],
  ["around", (value) => around(value), NO_FUNCTIONS, "write around((context, next) =>"],
];

describe.each(makers)("%s", (name, make, wrong, advice) => {
  test.each(wrong.map((value) => [value]))("refuses %s when it is made, and says what to write", (value) => {
    const message = expect.stringMatching(new RegExp(`^${name} .*${escaped(advice)}`));
    expect(() => make(value as never)).toThrow(expect.objectContaining({ name: "TypeError", message }));
  });
});

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

test("a registry of another copy of the package is one", () => {
  const { requestStarted, requestFinished, requestException } = new RequestSignals();
  const copy = { requestStarted, requestFinished, requestException, clearAll() {}, receiverCount: () => 0 };
  expect(() => new RequestSignalsLayer(copy as RequestSignals)).not.toThrow();
});

test.each([
  "permanentTo",
  "temporaryTo",
  "seeOther",
  "permanentToPrefix",
  "temporaryToPrefix",
  "seeOtherToPrefix",
] as const)("RedirectionLayer.%s takes a path or a URL", (name) => {
  for (const wrong of [undefined, null, 7, {}, [], "//evil.example", "ftp://x", "a b", "\ud800"]) {
    expect(() => RedirectionLayer[name](wrong as never)).toThrow(TypeError);
  }
});
