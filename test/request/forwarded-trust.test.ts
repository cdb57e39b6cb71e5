import { describe, expect, it } from "vitest";
import { IpRangeError } from "../../src/request/ip-range.ts";
import type { RequestSource } from "../../src/request/request-source.ts";
import { forwardedReader, type TrustedProxies } from "../../src/request/trusted-proxies.ts";
import { WebSource } from "../../src/request/web-source.ts";

/** Trusted here: 10.0.0.0/8 and loopback. `203.0.113.9` is the client, `6.6.6.6` an address that it made up. */
const peers = ["10.0.0.0/8", "loopback"];

function sourceOf(remoteAddress: string, headers: Record<string, string>): RequestSource {
  const request = new Request("http://app.example/", { headers });
  return new WebSource(request, { remoteAddress, reportFailure: () => {} });
}

function readX(xFor: string | undefined, others: Record<string, string> = {}, remoteAddress = "10.0.0.1") {
  const headers = { ...(xFor !== undefined && { "X-Forwarded-For": xFor }), ...others };
  return forwardedReader({ peers })(sourceOf(remoteAddress, headers));
}

function readRfc(forwarded: string | undefined, remoteAddress = "10.0.0.1") {
  const headers = forwarded === undefined ? {} : { Forwarded: forwarded };
  return forwardedReader({ peers, header: "forwarded" })(sourceOf(remoteAddress, headers));
}

const forList = (count: number, item: string): string => Array.from({ length: count }, () => item).join(", ");

describe("an untrusted peer", () => {
  const headers = {
    "X-Forwarded-For": "127.0.0.1",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "admin.example",
    Forwarded: "for=127.0.0.1;proto=https;host=admin.example",
  };

  it.each(["203.0.113.9", "::ffff:203.0.113.9", "::10.0.0.1", "11.0.0.1", "", "unknown"])(
    "is not listened to: %j",
    (remoteAddress) => {
      for (const header of ["x-forwarded", "forwarded"] as const) {
        expect(forwardedReader({ peers, header })(sourceOf(remoteAddress, headers))).toBeNull();
      }
    },
  );

  it("cannot make its request malformed", () => {
    expect(readX("garbage", { "X-Forwarded-Proto": "ftp" }, "203.0.113.9")).toBeNull();
    expect(readRfc('for="', "203.0.113.9")).toBeNull();
  });

  it("is everybody when no proxies are listed", () => {
    expect(forwardedReader({ peers: [] })(sourceOf("127.0.0.1", headers))).toBeNull();
  });
});

describe("X-Forwarded", () => {
  it("is read by default, and Forwarded then is not", () => {
    const others = { Forwarded: "for=6.6.6.6;proto=https;host=evil.example" };
    expect(readX("203.0.113.9", others)).toEqual({ peerAddress: "203.0.113.9" });
    expect(readX(undefined, others)).toEqual({ peerAddress: "10.0.0.1" });
    expect(readX("203.0.113.9", { Forwarded: '"' })).toEqual({ peerAddress: "203.0.113.9" });
  });

  it("gives address, scheme and host", () => {
    const others = { "X-Forwarded-Proto": "HTTPS", "X-Forwarded-Host": "Shop.example:8443" };
    expect(readX("203.0.113.9", others)).toEqual({
      peerAddress: "203.0.113.9",
      scheme: "https",
      host: "Shop.example:8443",
    });
  });

  it.each([
    ["one proxy", "203.0.113.9", "203.0.113.9"],
    ["three proxies", "203.0.113.9, 10.0.0.3, 10.0.0.2", "203.0.113.9"],
    ["an entry of the client's", "6.6.6.6, 203.0.113.9", "203.0.113.9"],
    ["a trusted address as an entry of the client's", "127.0.0.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"],
    ["a whole chain of the client's", "6.6.6.6, 10.0.0.9, 203.0.113.9, 10.0.0.2", "203.0.113.9"],
    ["garbage of the client's", "]]&%, , 999.1.1.1, 203.0.113.9", "203.0.113.9"],
    ["the client's hiding itself", "unknown, 203.0.113.9", "203.0.113.9"],
    ["a request from within", "10.0.0.3, ::1", "10.0.0.3"],
    ["IPv4 mapped into IPv6", "6.6.6.6, 203.0.113.9, ::ffff:10.0.0.2", "203.0.113.9"],
    ["ports", "6.6.6.6:1, 203.0.113.9:5678, 10.0.0.2:80", "203.0.113.9"],
    ["IPv6", "6.6.6.6, 2001:db8::9, [::1]:80", "2001:db8::9"],
    ["IPv6 with a port", "6.6.6.6, [2001:db8::9]:443", "2001:db8::9"],
    ["a proxy that hides its peer", "6.6.6.6, unknown, 10.0.0.2", "10.0.0.2"],
    ["the nearest proxy hiding its peer", "6.6.6.6, unknown", "10.0.0.1"],
    ["empty items", " ,203.0.113.9,, 10.0.0.2,", "203.0.113.9"],
    ["no item", " , ", "10.0.0.1"],
  ])("finds the client behind %s", (_, list, peerAddress) => {
    expect(readX(list)).toEqual({ peerAddress });
  });

  it("counts for a peer that is IPv4 mapped into IPv6", () => {
    expect(readX("203.0.113.9", {}, "::ffff:10.0.0.1")).toEqual({ peerAddress: "203.0.113.9" });
  });

  it("has the last of several schemes and hosts, the nearest proxy's", () => {
    const others = {
      "X-Forwarded-Proto": "ftp, https, http",
      "X-Forwarded-Host": "evil.example, shop.example, ",
    };
    expect(readX("6.6.6.6, 203.0.113.9", others)).toEqual({
      peerAddress: "203.0.113.9",
      scheme: "http",
      host: "shop.example",
    });
  });

  it.each([
    ["garbage", "10.0.0.1"],
    ["10.0.0", "10.0.0.1"],
    ["[::1", "10.0.0.1"],
    ["203.0.113.9:x", "10.0.0.1"],
    ["999.1.1.1", "10.0.0.1"],
    ["<script>", "10.0.0.1"],
    ["", "10.0.0.1"],
    ["6.6.6.6, localhost", "10.0.0.1"],
    ["6.6.6.6, garbage, 10.0.0.2", "10.0.0.2"],
  ])("has the farthest address known where a proxy wrote what is none: %s", (list, peerAddress) => {
    expect(readX(list)).toEqual({ peerAddress });
  });

  it.each([
    ["::ffff:203.0.113.9", "203.0.113.9"],
    ["::FFFF:cb00:7109", "203.0.113.9"],
    ["2001:DB8:0:0::0:9", "2001:db8::9"],
    ["[2001:0db8::0009%eth0]:443", "2001:db8::9"],
  ])("gives an address in one form: %s", (item, peerAddress) => {
    expect(readX(item)).toEqual({ peerAddress });
  });

  it.each([
    ["ws", "http"],
    ["WSS", "https"],
  ])("takes the scheme of a WebSocket, which Traefik writes: %s", (proto, scheme) => {
    expect(readX("203.0.113.9", { "X-Forwarded-Proto": proto })).toEqual({
      peerAddress: "203.0.113.9",
      scheme,
    });
  });

  it.each(["ftp", "wsss", "https:", "http, javascript"])("is malformed with the scheme %s", (proto) => {
    expect(readX("203.0.113.9", { "X-Forwarded-Proto": proto })).toBe("malformed");
  });

  it("has a limit of hops", () => {
    expect(readX(`203.0.113.9, ${forList(49, "10.0.0.2")}`)).toEqual({ peerAddress: "203.0.113.9" });
    expect(readX(`203.0.113.9, ${forList(50, "10.0.0.2")}`)).toBe("malformed");
  });
});

describe("Forwarded", () => {
  it("is read when asked for, and X-Forwarded then is not", () => {
    const headers = {
      "X-Forwarded-For": "6.6.6.6",
      "X-Forwarded-Proto": "ftp",
      "X-Forwarded-Host": "evil.example",
    };
    const read = forwardedReader({ peers, header: "forwarded" });
    expect(read(sourceOf("10.0.0.1", headers))).toEqual({ peerAddress: "10.0.0.1" });
    expect(read(sourceOf("10.0.0.1", { ...headers, Forwarded: "for=203.0.113.9" }))).toEqual({
      peerAddress: "203.0.113.9",
    });
  });

  it.each([
    ["for=203.0.113.9", "203.0.113.9"],
    ['for=6.6.6.6, for="[2001:db8::9]:443", for="10.0.0.2:_x"', "2001:db8::9"],
    ["for=127.0.0.1, for=203.0.113.9, for=10.0.0.2", "203.0.113.9"],
    ["for=garbage, for=203.0.113.9", "203.0.113.9"],
    ["for=6.6.6.6, for=_hidden, for=10.0.0.2", "10.0.0.2"],
    ["for=6.6.6.6, for=unknown", "10.0.0.1"],
    ["for=6.6.6.6, by=10.0.0.1", "10.0.0.1"],
    ["for=10.0.0.3, for=10.0.0.2", "10.0.0.3"],
    ["for=garbage", "10.0.0.1"],
    ["for=6.6.6.6, for=999.1.1.1, for=10.0.0.2", "10.0.0.2"],
  ])("finds the client in %s", (value, peerAddress) => {
    expect(readRfc(value)).toEqual({ peerAddress });
  });

  it("gives the scheme and host that the client used, never those that it made up", () => {
    const value =
      "for=6.6.6.6;proto=ftp;host=evil.example, " +
      'for=203.0.113.9;proto=https;host="shop.example:8443", for=10.0.0.2;proto=http;host=inner.example';
    const forwarded = { peerAddress: "203.0.113.9", scheme: "https", host: "shop.example:8443" };
    expect(readRfc(value)).toEqual(forwarded);
  });

  it("takes from the next proxy what the first one leaves out", () => {
    const value =
      "proto=ftp;host=evil.example, for=203.0.113.9, for=10.0.0.2;host=b.example, for=10.0.0.3;proto=http";
    expect(readRfc(value)).toEqual({ peerAddress: "203.0.113.9", scheme: "http", host: "b.example" });
  });

  it("believes what a proxy says besides hiding its peer", () => {
    const forwarded = { peerAddress: "10.0.0.1", scheme: "https", host: "a.example" };
    expect(readRfc("host=evil.example, for=_hidden;proto=https;host=a.example")).toEqual(forwarded);
    expect(readRfc("host=evil.example, proto=https;host=a.example")).toEqual(forwarded);
  });

  it("cannot be swallowed by a quotation mark that the client left open", () => {
    expect(readRfc('for="6.6.6.6, for=203.0.113.9')).toBe("malformed");
    expect(readRfc('for="6.6.6.6, for="[2001:db8::9]:443"')).toBe("malformed");
    expect(readRfc('for="6.6.6.6\\, for="[2001:db8::9]";host=";x="')).toBe("malformed");
  });

  it.each(["for=garbage;proto=ftp", "for=203.0.113.9;proto=ftp", "nonsense", "for=203.0.113.9;for=6.6.6.6"])(
    "is malformed: %s",
    (value) => {
      expect(readRfc(value)).toBe("malformed");
    },
  );

  it("has a limit of hops", () => {
    expect(readRfc(`for=203.0.113.9, ${forList(49, "for=10.0.0.2")}`)).toEqual({
      peerAddress: "203.0.113.9",
    });
    expect(readRfc(`for=203.0.113.9, ${forList(50, "for=10.0.0.2")}`)).toBe("malformed");
  });
});

describe("the peers", () => {
  it("may be told by a function, even without an address", () => {
    const asked: string[] = [];
    const options: TrustedProxies = {
      peers: (address) => {
        asked.push(address);
        return address === "" || address === "10.0.0.2";
      },
    };
    const source = sourceOf("", { "X-Forwarded-For": "6.6.6.6, 203.0.113.9, 10.0.0.2:80" });
    expect(forwardedReader(options)(source)).toEqual({ peerAddress: "203.0.113.9" });
    expect(asked).toEqual(["", "10.0.0.2", "203.0.113.9"]);
  });

  it("are checked at once", () => {
    expect(() => forwardedReader({ peers: ["10.0.0.0/8", "proxy.example"] })).toThrow(IpRangeError);
  });
});
