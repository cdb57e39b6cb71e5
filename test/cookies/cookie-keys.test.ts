import {
  _get,
  _requestReceiver,
  around,
  Host,
  MissingCookieKeyError,
  Resource,
  Router,
  respond,
  type Service,
} from "argania";
import { type CookieCipher, CookieKey, cookieKey } from "argania/cookies";
import { describe, expect, it } from "vitest";
import { KEY } from "./with-jar.ts";

const keys = ["router", "root", "node", "handler"].map((name) => CookieKey.from(name.padEnd(32, ".")));
const [ROUTER, ROOT, NODE, HANDLER] = keys as [CookieKey, CookieKey, CookieKey, CookieKey];
const read = _get.to((context) => context.cookies().signed.get("a") ?? "none");

async function signerOf(service: Service, path: string, origin = "http://x"): Promise<string> {
  const names = ["router", "root", "node", "handler"];
  for (const [index, key] of keys.entries()) {
    const cookie = `a=${encodeURIComponent(key.sign("a", ".1"))}`;
    const response = await service.request(`${origin}${path}`, { headers: { cookie } });
    if ((await response.text()) === "1") {
      return names[index] as string;
    }
  }
  return "none";
}

describe("the key in force", () => {
  it("is the nearest one: of the handler, the resource, those above it, the router", async () => {
    const root = new Resource("/").setHandlerFor(read);
    root.subresource("/plain").setHandlerFor(read);
    const node = root.subresource("/node").setHandlerFor(read).setProperty(cookieKey.to(NODE));
    node.subresource("/below/further").setHandlerFor(read);
    node.subresource("/own").setHandlerFor(read.withProperty(cookieKey.to(HANDLER)));
    const other = new Resource("/").setHandlerFor(read).setProperty(cookieKey.to([ROOT, ROUTER]));
    const service = new Router()
      .setProperty(cookieKey.to(ROUTER))
      .addResource(root)
      .addHost(new Host("other.com", other))
      .intoService();

    expect(await signerOf(service, "/")).toBe("router");
    expect(await signerOf(service, "/plain")).toBe("router");
    expect(await signerOf(service, "/node")).toBe("node");
    expect(await signerOf(service, "/node/below/further")).toBe("node");
    expect(await signerOf(service, "/node/own")).toBe("handler");
    expect(await signerOf(service, "/", "http://other.com")).toBe("router");
  });

  it("is the resource's in layers, and the handler's in the handler", async () => {
    const seen: unknown[] = [];
    const root = new Resource("/").setProperty(cookieKey.to(NODE));
    root.addLayerTo(
      _requestReceiver(
        around((context, next) => {
          seen.push(context.cookies().signed.get("a"));
          return next();
        }),
      ),
    );
    root.setHandlerFor(read.withProperty(cookieKey.to(HANDLER)));
    const cookie = `a=${HANDLER.sign("a", ".1")}`;
    const response = await root.intoService().request("/", { headers: { cookie } });
    expect(seen).toEqual([undefined]);
    expect(await response.text()).toBe("1");
  });

  it("can be anybody's own, such as one in a hardware module", async () => {
    const rot13: CookieCipher = {
      sign: (name, text) => `${name}:${text}`,
      verify: (name, signed) => (signed.startsWith(`${name}:`) ? signed.slice(name.length + 1) : undefined),
      seal: () => "",
      open: () => undefined,
    };
    const root = new Resource("/").setProperty(cookieKey.to(rot13)).setHandlerFor(read);
    const response = await root.intoService().request("/", { headers: { cookie: "a=a:.1" } });
    expect(await response.text()).toBe("1");
  });
});

describe("cookieKey.to refuses", () => {
  it.each([undefined, null, "a secret of 32 bytes, as it seems", {}, [KEY, "x"]])("%j", (key) => {
    expect(() => cookieKey.to(key as never)).toThrow(/takes a CookieKey, not .*CookieKey\.from\(secret\)/);
  });

  it("no key at all", () => {
    expect(() => cookieKey.to([])).toThrow("one key at least");
  });

  it("to be changed later", () => {
    const list = [KEY];
    const { value } = cookieKey.to(list);
    list.pop();
    expect(value).toEqual([KEY]);
  });
});

describe("without a key", () => {
  it.each([
    ["signed.get", _get.to((context) => context.cookies().signed.get("a"))],
    ["private.has", _get.to((context) => String(context.cookies().private.has("a")))],
    ["signed.needsRenewal", _get.to((context) => String(context.cookies().signed.needsRenewal("a")))],
    [
      "private.set",
      _get.to((context) => respond(context.cookies().set("b", "1").private.set("a", "1") && 200)),
    ],
  ])("%s is a 500 that says what to write, to the logger only", async (_, handler) => {
    const errors: unknown[] = [];
    const root = new Resource("/");
    root.subresource("/account/{id}").setHandlerFor(handler);
    const service = root.intoService({ logger: { error: ({ err }) => void errors.push(err) } });
    const response = await service.request("/account/7", { headers: { cookie: "a=1" } });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toMatch(/key|cookie/i);
    expect(errors).toEqual([expect.any(MissingCookieKeyError)]);
    const [{ code, message }] = errors as [MissingCookieKeyError];
    expect(code).toBe("ARGANIA_MISSING_COOKIE_KEY");
    expect(message).toContain('"/account/7": write setProperty(cookieKey.to(CookieKey.from(secret)))');
  });
});
