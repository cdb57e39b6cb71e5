import { CorsLayer } from "argania/middleware";
import { expect, test } from "vitest";

const GOOD = "https://good.example";

test.each<[unknown, RegExp]>([
  [undefined, /object of options/],
  [null, /object of options/],
  [[], /object of options/],
  ["*", /object of options/],
  [{}, /needs origins/],
  [{ origin: "*" }, /no option "origin"/],
  [{ origins: "*", credentials: true }, /origins .* cannot be "\*" with credentials/],
  [{ origins: ["*"], credentials: true }, /origins .* cannot be "\*" with credentials/],
  [{ origins: ["*"] }, /write origins: "\*"/],
  [{ origins: GOOD, credentials: true, methods: "*" }, /methods .* with credentials/],
  [{ origins: GOOD, credentials: true, allowedHeaders: "*" }, /allowedHeaders .* with credentials/],
  [{ origins: GOOD, credentials: true, allowedHeaders: ["X-A", "*"] }, /allowedHeaders .* with credentials/],
  [{ origins: GOOD, credentials: true, exposedHeaders: "*" }, /exposedHeaders .* with credentials/],
  [{ origins: GOOD, exposedHeaders: ["*", "X-A"] }, /write exposedHeaders: "\*"/],
  [{ origins: GOOD, credentials: "yes" }, /true or false, not a string/],
  [{ origins: GOOD, privateNetwork: 1 }, /true or false, not a number/],
  [{ origins: GOOD, methods: "PUT" }, /methods .* is an array/],
  [{ origins: GOOD, methods: ["put"] }, /upper case/],
  [{ origins: GOOD, methods: ["PUT, GET"] }, /no name/],
  [{ origins: GOOD, allowedHeaders: ["X-A\r\nX-B: y"] }, /no name/],
  [{ origins: GOOD, exposedHeaders: ["X A"] }, /no name/],
  [{ origins: GOOD, exposedHeaders: [7] }, /a number, which is no name/],
  [{ origins: GOOD, maxAge: "600" }, /a number, not a string/],
  [{ origins: GOOD, maxAge: -1 }, /whole number from 0 to 86400/],
  [{ origins: GOOD, maxAge: 600_000 }, /whole number from 0 to 86400/],
  [{ origins: GOOD, maxAge: 1.5 }, /whole number/],
  [{ origins: GOOD, maxAge: Number.NaN }, /whole number/],
])("%j: %s", (options, message) => {
  expect(() => new CorsLayer(options as never)).toThrow(message);
});
