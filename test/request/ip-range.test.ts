import { BlockList, isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DefinitionError } from "../../src/common/definition-error.ts";
import { parseIpAddress } from "../../src/request/ip-address.ts";
import { IpRangeError, parseIpRange, parseIpRanges } from "../../src/request/ip-range.ts";

const ipv6WithNoise = fc.oneof(
  fc.ipV6(),
  fc.ipV4(),
  fc.ipV4Extended(),
  fc
    .array(fc.constantFrom(":", "::", ".", "0", "1", "ffff", "12345", "1.2.3.4", "255", "g"), {
      maxLength: 12,
    })
    .map((parts) => parts.join("")),
);

describe("parseIpAddress", () => {
  it("accepts what the platform accepts", () => {
    fc.assert(
      fc.property(ipv6WithNoise, (text) => {
        expect(parseIpAddress(text) !== null).toBe(isIP(text) !== 0);
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ["::1", "0:0:0:0:0:0:0:1"],
    ["2001:DB8::A", "2001:db8:0000::000a"],
    ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
    ["::ffff:10.0.0.1", "10.0.0.1"],
    ["::FFFF:a00:1", "10.0.0.1"],
    ["0:0:0:0:0:ffff:10.0.0.1", "10.0.0.1"],
    ["fe80::1%eth0", "fe80::1"],
    ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
  ])("reads %s and %s as one address", (one, other) => {
    expect(parseIpAddress(one)).not.toBeNull();
    expect(parseIpAddress(one)).toBe(parseIpAddress(other));
  });

  it("keeps IPv4 apart from IPv4-compatible IPv6, which is deprecated", () => {
    expect(parseIpAddress("::10.0.0.1")).not.toBe(parseIpAddress("10.0.0.1"));
  });

  it.each([
    "",
    " ",
    ".",
    "10.0.0",
    "10.0.0.256",
    "10.0.0.01",
    "0x0a.0.0.1",
    "167772161",
    "10.0.0.1.2",
    "10.0.0.1 ",
    "10.0.0.1%eth0",
    "10.0.0.1:80",
    "1.2.3.4:",
    ":",
    ":::",
    "1::2::3",
    "::1::",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4::5:6:7:8",
    "1:2:3:4:5:6:7:1.2.3.4",
    "::1.2.3",
    "::1.2.3.4:5",
    "[::1]",
    "::g",
    "::12345",
    "::1%",
    "::1%a b",
    "localhost",
    "١.٢.٣.٤",
  ])("does not read %j", (text) => {
    expect(parseIpAddress(text)).toBeNull();
  });
});

describe("parseIpRange", () => {
  it.each([
    ["10.0.0.1", ["10.0.0.1", "::ffff:10.0.0.1", "::ffff:a00:1"], ["10.0.0.2", "::10.0.0.1", "", "unknown"]],
    ["::ffff:10.0.0.1", ["10.0.0.1", "::ffff:10.0.0.1"], ["10.0.0.2"]],
    ["10.1.2.3/8", ["10.0.0.0", "10.255.255.255", "::ffff:10.9.9.9"], ["11.0.0.0", "9.255.255.255"]],
    ["::ffff:10.0.0.0/104", ["10.255.255.255", "::ffff:10.9.9.9"], ["11.0.0.0"]],
    ["::ffff:0:0/96", ["203.0.113.9"], ["::1"]],
    ["192.0.2.128/25", ["192.0.2.128", "192.0.2.255"], ["192.0.2.127", "192.0.3.0"]],
    ["192.0.2.1/32", ["192.0.2.1"], ["192.0.2.0"]],
    ["0.0.0.0/0", ["0.0.0.0", "255.255.255.255", "::ffff:1.2.3.4"], ["::", "ffff::"]],
    ["::/0", ["::", "ffff::", "::1.2.3.4"], ["1.2.3.4", "::ffff:1.2.3.4"]],
    ["2001:db8::/33", ["2001:db8:7fff::1"], ["2001:db8:8000::", "2001:db9::"]],
    ["fe80::%eth0/64", ["fe80::1", "fe80::1%eth1"], ["fe80:0:0:1::"]],
    ["2001:db8::1", ["2001:DB8:0::1"], ["2001:db8::2"]],
    ["loopback", ["127.0.0.1", "127.255.0.1", "::1", "::ffff:127.0.0.1"], ["128.0.0.1", "::2"]],
    ["linklocal", ["169.254.1.1", "fe80::1%en0", "febf::"], ["169.253.0.0", "fec0::"]],
    [
      "uniquelocal",
      ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::", "fdff::1"],
      ["172.32.0.0", "172.15.255.255", "192.169.0.0", "fe00::", "127.0.0.1"],
    ],
  ])("%s", (text, inside, outside) => {
    const range = parseIpRange(text);
    expect(inside.filter((address) => !range.contains(address))).toEqual([]);
    expect(outside.filter((address) => range.contains(address))).toEqual([]);
  });

  it("agrees with the platform on blocks", () => {
    const kinds = [
      { address: fc.ipV4(), bits: 32, family: "ipv4" },
      { address: fc.ipV6(), bits: 128, family: "ipv6" },
    ] as const;
    for (const { address, bits, family } of kinds) {
      fc.assert(
        fc.property(address, address, fc.integer({ min: 1, max: bits }), (base, other, length) => {
          // Mapped addresses are the platform's IPv6 and our IPv4.
          fc.pre(family === "ipv4" || (parseIpAddress(base) ?? 0n) >> 32n !== 0xffffn);
          const list = new BlockList();
          list.addSubnet(base, length, family);
          const range = parseIpRange(`${base}/${length}`);
          expect(range.contains(base)).toBe(true);
          expect(range.contains(other)).toBe(list.check(other, family));
        }),
      );
    }
  });

  it.each([
    "",
    "/8",
    "10.0.0.0/",
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/08",
    "10.0.0.0/8/8",
    "10.0.0.0/255.0.0.0",
    "10.0.0/8",
    "10.*",
    "::/129",
    "::ffff:10.0.0.0/8",
    "::ffff:10.0.0.0/95",
    "::ffff:10.0.0.0/129",
    "[::1]",
    "localhost",
    "Loopback",
    "toString",
    " 10.0.0.1",
    "10.0.0.1, 10.0.0.2",
  ])("refuses %j and says what to write", (text) => {
    const attempt = () => parseIpRange(text);
    expect(attempt).toThrow(IpRangeError);
    expect(attempt).toThrow(DefinitionError);
    expect(attempt).toThrow(`"${text}" is not a range of IP addresses. Write an address ("10.0.0.1"`);
    expect(attempt).toThrow('one of "loopback", "linklocal", "uniquelocal".');
    expect(attempt).toThrow(
      expect.objectContaining({ code: "ARGANIA_IP_RANGE", name: "IpRangeError", paths: [] }),
    );
  });
});

describe("parseIpRanges", () => {
  it("joins ranges", () => {
    const range = parseIpRanges(["loopback", "203.0.113.0/24"]);
    expect(range.contains("::1")).toBe(true);
    expect(range.contains("203.0.113.77")).toBe(true);
    expect(range.contains("203.0.114.0")).toBe(false);
  });

  it("is empty without any", () => {
    expect(parseIpRanges([]).contains("127.0.0.1")).toBe(false);
  });
});
