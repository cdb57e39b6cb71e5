import { describe, expect, it } from "vitest";
import { listItems, nodeAddress, parseForwarded } from "../../src/request/forwarded.ts";

describe("parseForwarded", () => {
  it.each([
    // The examples of RFC 7239 §4.
    ['for="_gazonk"', [{ for: "_gazonk" }]],
    ['For="[2001:db8:cafe::17]:4711"', [{ for: "[2001:db8:cafe::17]:4711" }]],
    ["for=192.0.2.60;proto=http;by=203.0.113.43", [{ for: "192.0.2.60", proto: "http", by: "203.0.113.43" }]],
    ["for=192.0.2.43, for=198.51.100.17", [{ for: "192.0.2.43" }, { for: "198.51.100.17" }]],
    ['for="a, b;c=\\"d\\"\\\\";host="x:80"', [{ for: 'a, b;c="d"\\', host: "x:80" }]],
    ["for=a ; PROTO=https ,\tfor=b;;", [{ for: "a", proto: "https" }, { for: "b" }]],
    [",, for=a,, ;, for=b,", [{ for: "a" }, { for: "b" }]],
    ['host="";secret=a', [{ host: "", secret: "a" }]],
    ["__proto__=a;for=b", [{ for: "b", ["__proto__"]: "a" }]],
    ["", []],
    [" , ;", []],
  ])("reads %s", (value, hops) => {
    expect(parseForwarded(value)).toEqual(hops);
  });

  it.each([
    "for",
    "for=",
    "=a",
    "for =a",
    "for= a",
    "for=a b",
    'for="a',
    'for="a\\"',
    'for=a"b"',
    'for="a"b',
    'for="a""b"',
    "for=[::1]",
    "for=1.2.3.4:80",
    "for=a;for=b",
    "for=a;FOR=a",
    "ext=a;ext=b",
    "for=a, garbage",
    "garbage, for=a",
    "\u00e9=a",
  ])("refuses %s", (value) => {
    expect(parseForwarded(value)).toBeNull();
  });

  it("takes linear time", () => {
    const start = performance.now();
    parseForwarded(`for="${"\\a".repeat(200_000)}`);
    parseForwarded(`${" ".repeat(200_000)}x`);
    parseForwarded(`for=a${" \t".repeat(200_000)}x`);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe("nodeAddress", () => {
  it.each([
    ["1.2.3.4", "1.2.3.4"],
    ["1.2.3.4:5678", "1.2.3.4"],
    ["1.2.3.4:_port", "1.2.3.4"],
    ["::1", "::1"],
    ["2001:db8::1", "2001:db8::1"],
    ["[::1]", "::1"],
    ["[::1]:80", "::1"],
    ["[2001:db8:cafe::17]:4711", "2001:db8:cafe::17"],
    ["[fe80::1%eth0]:80", "fe80::1"],
    ["::ffff:10.0.0.1", "10.0.0.1"],
    ["[::FFFF:a00:1]:443", "10.0.0.1"],
    ["2001:DB8:0:0:1::", "2001:db8:0:0:1::"],
  ])("finds the address in %s", (node, address) => {
    expect(nodeAddress(node)).toBe(address);
  });

  it.each([
    "",
    "unknown",
    "Unknown:80",
    "_hidden",
    "_SEVKISEK:_p-1",
    "garbage",
    "999.1.1.1",
    "<script>",
    "localhost",
    "1.2.3",
    "1.2.3.4:",
    "1.2.3.4:port",
    "1.2.3.4:123456",
    "1.2.3.4:80:90",
    "[1.2.3.4]",
    "[::1",
    "::1]",
    "[::1]80",
    "[::g]",
    "[]",
    "[unknown]",
    "_",
    "unknown.example",
    "1.2.3.4 5.6.7.8",
  ])("finds none in %j", (node) => {
    expect(nodeAddress(node)).toBeNull();
  });
});

describe("listItems", () => {
  it("leaves out empty items", () => {
    expect(listItems(" a,, b ,")).toEqual(["a", "b"]);
    expect(listItems("")).toEqual([]);
    expect(listItems(undefined)).toEqual([]);
  });
});
