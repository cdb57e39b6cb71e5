import { TimeoutLayer } from "argania/middleware";
import { expect, test } from "vitest";

test.each<[readonly unknown[], RegExp]>([
  [[], /takes milliseconds, not undefined: write new TimeoutLayer\(5_000\)/],
  [["5s"], /takes milliseconds, not a string/],
  [[{ milliseconds: 5 }], /takes milliseconds, not an object/],
  [[0], /whole number from 1 to 2147483647, not 0/],
  [[-1], /whole number/],
  [[1.5], /whole number/],
  [[Number.NaN], /whole number/],
  [[Number.POSITIVE_INFINITY], /whole number/],
  [[2 ** 31], /whole number/],
  [[5, 503], /object of options/],
  [[5, null], /object of options/],
  [[5, { code: 503 }], /no option "code"/],
  [[5, { status: 200 }], /one of 408, 503, 504, not 200/],
  [[5, { status: "503" }], /one of 408, 503, 504, not a string/],
])("new TimeoutLayer(%j): %s", (args, message) => {
  expect(() => Reflect.construct(TimeoutLayer, args)).toThrow(message);
});
