import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, it, test } from "vitest";
import { canonicalIpAddress, unmappedAddress } from "../../src/request/ip-address.ts";
import { parseIpRange } from "../../src/request/ip-range.ts";

/** What the library of Express makes of a well-formed address. */
function libraryForm(text: string): string {
  const address = ipaddr.process(text);
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

describe("the canonical form", () => {
  it.each([
    ["127.0.0.1", "127.0.0.1"],
    ["::ffff:127.0.0.1", "127.0.0.1"],
    ["::FFFF:7f00:1", "127.0.0.1"],
    ["0:0:0:0:0:ffff:127.0.0.1", "127.0.0.1"],
    ["::", "::"],
    ["::1", "::1"],
    ["0000:0000:0000:0000:0000:0000:0000:0001", "::1"],
    ["2001:DB8::A", "2001:db8::a"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["1:0:0:10:0:0:0:0", "1:0:0:10::"],
    ["fe80::1%eth0", "fe80::1"],
    ["::10.0.0.1", "::a00:1"],
  ])("of %s is %s", (text, expected) => {
    expect(canonicalIpAddress(text)).toBe(expected);
  });

  it.each([
    "",
    "999.1.1.1",
    "<script>",
    "010.0.0.1",
    "0x7f.1",
    "2130706433",
    "10.1",
    "1.2.3.4.5",
    ".1.2.3.4",
    "1..2.3",
  ])("is none for %j", (text) => {
    expect(canonicalIpAddress(text)).toBeNull();
  });

  it("is what ipaddr.js makes of addresses that it cannot mistake", () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        // The library reads the deprecated `::1.2.3.4` as IPv4, which is another host's address.
        fc.pre(!(text.startsWith("::") && text.includes(".")));
        expect(canonicalIpAddress(text)).toBe(libraryForm(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it("is its own, and the same address", () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const form = canonicalIpAddress(text) as string;
        expect(canonicalIpAddress(form)).toBe(form);
        expect(parseIpRange(form).contains(text)).toBe(true);
      }),
    );
  });
});

test("ranges agree with ipaddr.js", () => {
  const base = fc.ipV4();
  fc.assert(
    fc.property(base, base, fc.integer({ min: 0, max: 32 }), (network, address, length) => {
      const expected = ipaddr.IPv4.parse(address).match(ipaddr.IPv4.parse(network), length);
      expect(parseIpRange(`${network}/${length}`).contains(address)).toBe(expected);
    }),
  );
});

test.each([
  ["::ffff:127.0.0.1", "127.0.0.1"],
  ["127.0.0.1", "127.0.0.1"],
  ["::1", "::1"],
  ["fe80::1%eth0", "fe80::1%eth0"],
  ["::ffff:0:1", "::ffff:0:1"],
  ["", ""],
])("the address of a connection, %j, is %j", (text, expected) => {
  expect(unmappedAddress(text)).toBe(expected);
});
