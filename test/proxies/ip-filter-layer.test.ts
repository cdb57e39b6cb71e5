import {
  _get,
  _post,
  _requestHandler,
  _requestPasser,
  _requestReceiver,
  ErrorHandlerLayer,
  Resource,
  Router,
  type Service,
} from "argania";
import {
  ForbiddenAddressError,
  IpFilterLayer,
  type IpFilterOptions,
  RemoteIpLayer,
} from "argania/middleware";
import { describe, expect, it, test } from "vitest";

function serving(options: IpFilterOptions): Service {
  const root = new Resource("/").setHandlerFor(_get.to(() => "in"));
  return root.addLayerTo(_requestReceiver(new IpFilterLayer(options))).intoService();
}

const statusFor = async (service: Service, remoteAddress: string, path = "/", headers = {}) =>
  (await service.request(path, { remoteAddress, headers })).status;

describe("IpFilterLayer", () => {
  it.each([
    [
      { allow: ["10.0.0.0/8", "::1"] },
      ["10.9.9.9", "::ffff:10.9.9.9", "::1"],
      ["11.0.0.1", "::2", "::10.0.0.1"],
    ],
    [{ deny: ["192.0.2.0/24"] }, ["192.0.3.1", "::1"], ["192.0.2.9", "::ffff:192.0.2.9", "::ffff:c000:209"]],
    [{ allow: ["uniquelocal"], deny: ["10.0.0.1"] }, ["10.0.0.2", "fd00::1"], ["10.0.0.1", "203.0.113.9"]],
    [{ deny: ["2001:db8::/32"] }, ["2001:db9::1"], ["2001:DB8:0:0::1", "2001:0db8::1%eth0"]],
  ])("with %o", async (options, inside, outside) => {
    const service = serving(options);
    for (const address of inside) {
      expect([address, await statusFor(service, address)]).toEqual([address, 200]);
    }
    for (const address of outside) {
      expect([address, await statusFor(service, address)]).toEqual([address, 403]);
    }
  });

  it.each(["", "unknown", "999.1.1.1", "10.0.0.01", "/run/app.sock"])(
    "refuses who has no address: %j",
    async (address) => {
      expect(await statusFor(serving({ deny: ["192.0.2.1"] }), address)).toBe(403);
      expect(await statusFor(serving({ allow: ["10.0.0.0/8"] }), address)).toBe(403);
    },
  );

  it("says no more than it must", async () => {
    const response = await serving({ allow: ["10.0.0.0/8"] }).request("/", { remoteAddress: "203.0.113.9" });
    expect([response.status, await response.json()]).toEqual([
      403,
      {
        type: "about:blank",
        title: "Forbidden",
        detail: "This is not for your address.",
        status: 403,
        code: "ARGANIA_FORBIDDEN_ADDRESS",
      },
    ]);
  });

  it("does not believe what clients say, and does believe layers further out", async () => {
    const root = new Resource("/").setHandlerFor(_get.to(() => "in"));
    const remote = new RemoteIpLayer({ provider: "nginx", peers: ["192.0.2.1"] });
    root.addLayerTo(_requestReceiver([remote, new IpFilterLayer({ allow: ["10.0.0.0/8"] })]));
    const service = root.intoService();
    const headers = { "x-real-ip": "10.0.0.1", "x-forwarded-for": "10.0.0.1", forwarded: "for=10.0.0.1" };
    expect(await statusFor(service, "203.0.113.9", "/", headers)).toBe(403);
    expect(await statusFor(service, "192.0.2.1", "/", headers)).toBe(200);
    expect(await statusFor(service, "192.0.2.1", "/", { "x-real-ip": "garbage" })).toBe(403);
  });

  it("guards what it is laid on, and its error can be caught", async () => {
    const filter = new IpFilterLayer({ allow: ["loopback"] });
    const caught: unknown[] = [];
    const watch = new ErrorHandlerLayer((error) => {
      caught.push(error);
      throw error;
    });
    const root = new Resource("/").setHandlerFor(_get.to(() => "open"));
    root.addLayerTo(_requestReceiver(watch));
    const admin = root.subresource("/admin").setHandlerFor([_get.to(() => "in"), _post.to(() => "in")]);
    admin.addLayerTo(_requestHandler(filter));
    root
      .subresource("/below")
      .addLayerTo(_requestPasser(filter))
      .subresource("/in")
      .setHandlerFor(_get.to(() => "in"));
    const service = new Router().addResource(root).intoService();
    for (const [path, status] of [
      ["/", 200],
      ["/admin", 403],
      ["/%61dmin", 403],
      ["/below/in", 403],
      ["/below/nowhere", 403],
    ] as const) {
      expect([path, await statusFor(service, "203.0.113.9", path)]).toEqual([path, status]);
    }
    expect(await statusFor(service, "127.0.0.1", "/below/in")).toBe(200);
    expect(caught).toHaveLength(4);
    expect(caught[0]).toBeInstanceOf(ForbiddenAddressError);
  });
});

test.each([
  [{}, TypeError, /takes allow, deny, or both/],
  [{ allow: [] }, TypeError, /allow of IpFilterLayer is an array of addresses and ranges, not an empty one/],
  [{ deny: "10.0.0.1" }, TypeError, /deny of IpFilterLayer/],
  [{ allow: ["10.0.0.0/33"] }, Error, /is not a range of IP addresses/],
  [{ allow: ["::1"], block: [] }, TypeError, /no option "block"/],
  [undefined, TypeError, /takes an object of options/],
] as const)("%o is refused", (options, kind, message) => {
  const attempt = () => new IpFilterLayer(options as never);
  expect(attempt).toThrow(kind);
  expect(attempt).toThrow(message);
});
