import fc from "fast-check";
import { expect, test } from "vitest";
import { formatHttpDate, parseHttpDate } from "../../src/response/http-date.ts";

const TIME = Date.UTC(1994, 10, 6, 8, 49, 37);

test.each(["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])(
  "%s is one of the three forms of RFC 9110 §5.6.7",
  (text) => {
    expect(parseHttpDate(text, Date.UTC(2026, 0))).toBe(TIME);
  },
);

test.each([
  "",
  "0",
  "1994",
  "1994-11-06T08:49:37Z",
  "Sun, 6 Nov 1994 08:49:37 GMT",
  "sun, 06 nov 1994 08:49:37 gmt",
  "Sun, 06 Nov 1994 08:49:37",
  "Sun, 06 Nov 1994 08:49:37 UTC",
  "Sun, 06 Nov 1994 08:49:37 +0000",
  "Sun, 06 Nov 1994 08:49:37 GMT; length=5",
  "Sun, 31 Feb 1994 08:49:37 GMT",
  "Sun, 00 Nov 1994 08:49:37 GMT",
  "Sun, 06 Nov 1994 24:00:00 GMT",
  "Sun, 06 Nov 1994 08:60:00 GMT",
  "Sun, 06 Nov 1994 08:49:61 GMT",
  "Sun, 06 Nov 94 08:49:37 GMT",
  "Sun Nov 6 08:49:37 1994",
  "Sun, 06 Nov 1994 08:49:37 GMT\n",
])("%j is no date", (text) => {
  expect(parseHttpDate(text)).toBeNull();
});

test("a year of two digits that seems more than 50 years ahead is in the past", () => {
  const year = (digits: string, now: number) =>
    new Date(parseHttpDate(`Sunday, 06-Nov-${digits} 08:49:37 GMT`, now) as number).getUTCFullYear();
  expect([year("76", Date.UTC(2026, 0)), year("77", Date.UTC(2026, 0))]).toEqual([2076, 1977]);
  expect([year("00", Date.UTC(2026, 0)), year("26", Date.UTC(2026, 0))]).toEqual([2000, 2026]);
});

test("leap days, leap seconds and the first century are what they say", () => {
  expect(parseHttpDate("Thu, 29 Feb 2024 00:00:00 GMT")).toBe(Date.UTC(2024, 1, 29));
  expect(parseHttpDate("Wed, 29 Feb 2023 00:00:00 GMT")).toBeNull();
  expect(parseHttpDate("Sat, 31 Dec 2016 23:59:60 GMT")).toBe(Date.UTC(2017, 0, 1));
  expect(new Date(parseHttpDate("Sat, 01 Jan 0050 00:00:00 GMT") as number).getUTCFullYear()).toBe(50);
});

test("what is sent is read again", () => {
  const seconds = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) / 1_000 });
  fc.assert(
    fc.property(seconds, (time) => parseHttpDate(formatHttpDate(new Date(time * 1_000))) === time * 1_000),
  );
});
