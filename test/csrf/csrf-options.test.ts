import { CsrfLayer } from "argania/middleware";
import { expect, test } from "vitest";

const EVIL = "https://evil.example";

test.each<[unknown, RegExp]>([
  [null, /object of options/],
  [{ origin: EVIL }, /no option "origin"/],
  [{ origins: "*" }, /everybody/],
  [{ origins: [EVIL, "*"] }, /everybody/],
  [{ exempt: "/hook" }, /function of the context, not a string/],
])("refuses %j: %s", (options, message) => {
  expect(() => new CsrfLayer(options as never)).toThrow(TypeError);
  expect(() => new CsrfLayer(options as never)).toThrow(message);
});
