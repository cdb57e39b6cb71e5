import {
  _get,
  _mistargetedRequest,
  _requestHandler,
  _requestPasser,
  _requestReceiver,
  around,
  type Layer,
  peer,
  Resource,
  Router,
  type Service,
  type ServiceRequestInit,
} from "argania";
import { RemoteIpLayer, type RemoteIpOptions } from "argania/middleware";
import { describe, expect, it, test } from "vitest";

/** The CDN is 198.51.100.0/24, its client 203.0.113.9. */
const peers = ["198.51.100.0/24", "2001:db8:c::/48"];
const CDN = "198.51.100.7";

function serving(options: RemoteIpOptions, ...outside: Layer[]): Service {
  const root = new Resource("/").setHandlerFor(_get.to([peer], (address) => address));
  return root.addLayerTo(_requestReceiver([...outside, new RemoteIpLayer(options)])).intoService();
}

async function addressOf(
  service: Service,
  headers: ServiceRequestInit["headers"],
  remoteAddress = CDN,
  path = "/",
): Promise<string> {
  return (await service.request(path, { ...(headers && { headers }), remoteAddress })).text();
}

describe("the client's address", () => {
  it.each([
    ["cloudflare", "cf-connecting-ip"],
    ["akamai", "true-client-ip"],
    ["fly", "fly-client-ip"],
    ["nginx", "x-real-ip"],
  ] as const)("is what %s says in %s", async (provider, header) => {
    const service = serving({ provider, peers });
    expect(await addressOf(service, { [header]: "203.0.113.9" })).toBe("203.0.113.9");
    expect(await addressOf(service, { "x-forwarded-for": "203.0.113.9", "x-client-ip": "203.0.113.9" })).toBe(
      CDN,
    );
  });

  it.each([
    ["203.0.113.9", "203.0.113.9"],
    ["203.0.113.9:5678", "203.0.113.9"],
    ["2001:DB8:0:0::9", "2001:db8::9"],
    ["[2001:db8::9]:443", "2001:db8::9"],
    ["::ffff:203.0.113.9", "203.0.113.9"],
    ["", CDN],
    ["unknown", CDN],
    ["999.1.1.1", CDN],
    ["<script>", CDN],
    ["010.0.0.1", CDN],
    ["203.0.113.9, 127.0.0.1", CDN],
    ["203.0.113.9 127.0.0.1", CDN],
  ])("in a header of one's own, %j, is %j", async (value, expected) => {
    expect(await addressOf(serving({ header: "X-Client-IP", peers }), { "x-client-ip": value })).toBe(
      expected,
    );
  });

  it("is the peer's when the header comes twice", async () => {
    const headers: [string, string][] = [
      ["cf-connecting-ip", "127.0.0.1"],
      ["cf-connecting-ip", "203.0.113.9"],
    ];
    expect(await addressOf(serving({ provider: "cloudflare", peers }), headers)).toBe(CDN);
  });

  it.each(["192.0.2.1", "198.51.101.7", "::198.51.100.7", "", "garbage", "127.0.0.1"])(
    "is not what a stranger says of itself: %j",
    async (stranger) => {
      const service = serving({ provider: "cloudflare", peers });
      expect(await addressOf(service, { "cf-connecting-ip": "203.0.113.9" }, stranger)).toBe(stranger);
    },
  );

  it.each(["::ffff:198.51.100.7", "2001:db8:c::1"])(
    "is believed from a peer however it is written: %s",
    async (cdn) => {
      const service = serving({ provider: "cloudflare", peers });
      expect(await addressOf(service, { "cf-connecting-ip": "203.0.113.9" }, cdn)).toBe("203.0.113.9");
    },
  );

  it("is believed from whom a function says", async () => {
    const asked: string[] = [];
    const options: RemoteIpOptions = {
      provider: "fly",
      peers: (address) => {
        asked.push(address);
        return address === "";
      },
    };
    expect(await addressOf(serving(options), { "fly-client-ip": "203.0.113.9" }, "")).toBe("203.0.113.9");
    expect(await addressOf(serving(options), { "fly-client-ip": "203.0.113.9" }, "::ffff:192.0.2.1")).toBe(
      "192.0.2.1",
    );
    expect(asked).toEqual(["", "192.0.2.1"]);
  });
});

describe("the layer", () => {
  const header = { "cf-connecting-ip": "203.0.113.9" };
  const layer = new RemoteIpLayer({ provider: "cloudflare", peers });

  it("asks who the peer is of the proxies that the service trusts", async () => {
    const root = new Resource("/").setHandlerFor(_get.to([peer], (address) => address));
    const service = root
      .addLayerTo(_requestReceiver(layer))
      .intoService({ trustedProxies: { peers: ["10.0.0.0/8"] } });
    const through = (forwarded: string) =>
      addressOf(service, { ...header, "x-forwarded-for": forwarded }, "10.0.0.1");
    expect(await through(CDN)).toBe("203.0.113.9");
    expect(await through("192.0.2.1")).toBe("192.0.2.1");
    expect(await through(`${CDN}, 192.0.2.1`)).toBe("192.0.2.1");
  });

  it("works on every component, and only from there on", async () => {
    const answer = _get.to([peer], (address) => address);
    const root = new Resource("/").setHandlerFor([
      answer,
      _mistargetedRequest.to([peer], (address) => address),
    ]);
    root.subresource("/handler").setHandlerFor(answer).addLayerTo(_requestHandler(layer));
    root.subresource("/passer").addLayerTo(_requestPasser(layer)).subresource("/in").setHandlerFor(answer);
    root.subresource("/receiver").addLayerTo(_requestReceiver(layer));
    const service = root.intoService();
    const found: Record<string, string> = {};
    for (const path of ["/", "/handler", "/passer/in", "/receiver", "/nowhere"]) {
      found[path] = await addressOf(service, header, CDN, path);
    }
    expect(found).toEqual({
      "/": CDN,
      "/handler": "203.0.113.9",
      "/passer/in": "203.0.113.9",
      "/receiver": "203.0.113.9",
      "/nowhere": CDN,
    });
  });

  it("works on a router, and when it is run twice", async () => {
    const twice = around(async (_, next) => {
      await next();
      return next();
    });
    const root = new Resource("/").setHandlerFor(_get.to([peer], (address) => address));
    const router = new Router().addResource(root).addLayerTo(_requestPasser([twice, layer]));
    expect(await addressOf(router.intoService(), header)).toBe("203.0.113.9");
  });
});

test.each([
  [undefined, TypeError, /takes an object of options/],
  [{ peers }, TypeError, /takes provider or header/],
  [{ provider: "cloudflare", header: "x", peers }, TypeError, /takes provider or header/],
  [
    { provider: "toString", peers },
    TypeError,
    /no provider "toString". There are: akamai, cloudflare, fly, nginx/,
  ],
  [{ header: "X-Forwarded-For", peers }, TypeError, /a list that clients can begin: write intoService/],
  [{ header: "forwarded", peers }, TypeError, /a list that clients can begin/],
  [{ header: "x y", peers }, TypeError, /Invalid header name/],
  [{ header: 1, peers }, TypeError, /is the name of a header/],
  [{ provider: "fly" }, TypeError, /peers of RemoteIpLayer are the addresses/],
  [{ provider: "fly", peers: [] }, TypeError, /not an empty array/],
  [{ provider: "fly", peers: "10.0.0.0/8" }, TypeError, /peers of RemoteIpLayer/],
  [{ provider: "fly", peers: ["fly.io"] }, Error, /"fly.io" is not a range of IP addresses/],
  [{ provider: "fly", peers: ["0.0.0.0/0"] }, RangeError, /everybody/],
  [{ provider: "fly", peers: ["0.0.0.0/1", "128.0.0.0/1"] }, RangeError, /everybody/],
  [{ provider: "fly", peers: ["::/0"] }, RangeError, /everybody/],
  [{ provider: "fly", peers, trust: true }, TypeError, /has no option "trust"/],
] as const)("%o is refused", (options, kind, message) => {
  const attempt = () => new RemoteIpLayer(options as never);
  expect(attempt).toThrow(kind);
  expect(attempt).toThrow(message);
});
