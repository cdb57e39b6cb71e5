import {
  _get,
  _post,
  _wildcardMethod,
  type ErrorReport,
  ExtensionKey,
  Host,
  json,
  PropertyKind,
  type RequestContext,
  RequestExtensions,
  Resource,
  Router,
  type Service,
} from "argania";
import { describe, expect, it } from "vitest";
import { rawRequest, sendRaw, withServer } from "../support/raw-http.ts";

/** What a handler sees of `target`, in process and over a socket. */
async function seenBothWays(service: Service, target: string, headers: Record<string, string> = {}) {
  const inProcess = await (
    await service.request(target, { headers: { host: "a.example:81", ...headers } })
  ).json();
  const overSocket = await withServer(service, async (port) => {
    const { body } = await rawRequest(port, "GET", target, { host: "a.example:81", ...headers });
    return JSON.parse(body) as unknown;
  });
  return [inProcess, overSocket] as const;
}

function echo(see: (context: RequestContext) => unknown): Service {
  return new Resource("/ *")
    .setHandlerFor(_get.to((context: RequestContext) => json(see(context))))
    .intoService();
}

describe("a context, in process and over a socket", () => {
  const members = echo((context) => ({
    method: context.method,
    url: context.url.href,
    request: [context.request.method, new URL(context.request.url).host, new URL(context.request.url).search],
    path: context.path,
    search: context.search,
    segments: context.segments,
    query: [...context.query],
    host: context.host,
    peer: context.peerAddress,
    subtreePath: context.subtreePath,
    subtreeSegments: context.subtreeSegments,
    header: [context.header("X-A"), context.header("x-none") === undefined],
    headers: [context.headers.get("x-a"), context.headers.has("X-None")],
    cookie: context.header("cookie"),
    body: context.body,
    env: context.env === undefined,
  }));

  it("has the same members", async () => {
    const seen = await seenBothWays(members, "/%61/b%2Fc/%C3%BC/?q=1&q=%C3%BC&x", {
      "X-A": "yes",
      cookie: "a=1; b=2",
    });
    const expected = {
      method: "GET",
      url: "http://a.example:81/a/b%2Fc/%C3%BC/?q=1&q=%C3%BC&x",
      request: ["GET", "a.example:81", "?q=1&q=%C3%BC&x"],
      path: "/a/b%2Fc/%C3%BC/",
      search: "?q=1&q=%C3%BC&x",
      segments: ["a", "b/c", "ü"],
      query: [
        ["q", "1"],
        ["q", "ü"],
        ["x", ""],
      ],
      host: "a.example",
      peer: "127.0.0.1",
      subtreePath: "/a/b%2Fc/%C3%BC/",
      subtreeSegments: ["a", "b/c", "ü"],
      header: ["yes", true],
      headers: ["yes", false],
      cookie: "a=1; b=2",
      body: null,
      env: true,
    };
    expect(seen).toEqual([expected, expected]);
  });

  it("gives the request the URL of the path that was asked for", async () => {
    const service = echo((context) => context.request.url);
    expect(await seenBothWays(service, "/a/b?c=d")).toEqual(Array(2).fill("http://a.example:81/a/b?c=d"));
    expect(await (await service.request("/x")).json()).toBe("http://localhost/x");
    expect((await service.request("/x", { headers: { host: "user@evil" } })).status).toBe(400);
  });

  it("shows raw bytes as the UTF-8 that they are", async () => {
    const service = echo(({ path, segments }) => [path, segments]);
    expect(await (await service.request("/ü")).json()).toEqual(["/%C3%BC", ["ü"]]);
  });

  it("has an empty host for HTTP/1.0, and still a URL", async () => {
    const service = echo(({ host, url }) => [host, url.href]);
    const raw = await withServer(service, (port) => sendRaw(port, "GET /x HTTP/1.0\r\n\r\n"));
    expect(raw).toContain('["","http://localhost/x"]');
  });

  it("makes each thing once", async () => {
    const service = echo((context) =>
      (["url", "query", "extensions", "request", "params", "headers"] as const).map((member) =>
        Object.is(context[member], context[member]),
      ),
    );
    expect(await seenBothWays(service, "/")).toEqual(Array(2).fill(Array(6).fill(true)));
  });
});

describe("the request body", () => {
  const service = new Resource("/ *")
    .setHandlerFor(
      _post.to(async (context) => {
        const same = Object.is(context.body, context.body);
        const text =
          context.url.search === "?web"
            ? await context.request.text()
            : await new Response(context.body).text();
        let again = "readable";
        try {
          again = await (context.url.search === "?web" ? new Response(context.body) : context.request).text();
        } catch (error) {
          again = error instanceof TypeError ? "TypeError" : String(error);
        }
        return json([same, text, again]);
      }),
    )
    .intoService();

  it.each(["/?web", "/?body", "/%61?web", "/%61?body"])(
    "is one stream, whichever way it is read first: %s",
    async (target) => {
      const expected = [true, "böody", "TypeError"];
      expect(await (await service.request(target, { method: "POST", body: "böody" })).json()).toEqual(
        expected,
      );
      await withServer(service, async (port) => {
        const response = await fetch(`http://127.0.0.1:${port}${target}`, { method: "POST", body: "böody" });
        expect(await response.json()).toEqual(expected);
      });
    },
  );

  it("of a GET does not fail a handler that asks for the web request", async () => {
    const lenient = echo((context) => [context.request.method, context.request.body, context.body !== null]);
    const raw = await withServer(lenient, (port) =>
      sendRaw(port, "GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\nconnection: close\r\n\r\nab"),
    );
    expect(raw).toContain('["GET",null,true]');
  });
});

describe("extensions", () => {
  const user = new ExtensionKey<string>("user");

  it("hold a value under its key only", () => {
    const extensions = new RequestExtensions();
    expect([extensions.get(user), extensions.has(user), extensions.delete(user)]).toEqual([
      undefined,
      false,
      false,
    ]);
    expect(extensions.set(user, "ann")).toBe(extensions);
    expect([extensions.get(user), extensions.getOrThrow(user), extensions.has(user)]).toEqual([
      "ann",
      "ann",
      true,
    ]);
    expect(extensions.get(new ExtensionKey<string>("user"))).toBeUndefined();
    expect([extensions.delete(user), extensions.has(user)]).toEqual([true, false]);
  });

  it("name the key that nobody has set", () => {
    expect(() => new RequestExtensions().getOrThrow(user)).toThrow(TypeError);
    expect(() => new RequestExtensions().getOrThrow(user)).toThrow(/"user": is the layer that sets it/);
  });

  it("know a key that was set to undefined", () => {
    const nothing = new ExtensionKey<undefined>("nothing");
    expect(new RequestExtensions().set(nothing, undefined).getOrThrow(nothing)).toBeUndefined();
  });

  it("are not shared by two requests", async () => {
    const service = echo(({ extensions }) => {
      const before = extensions.get(user) ?? null;
      extensions.set(user, "ann");
      return before;
    });
    expect(await seenBothWays(service, "/")).toEqual([null, null]);
  });
});

describe("property()", () => {
  const size = new PropertyKind<number>("size", 1);

  it("is inherited until it is replaced, and has a default", async () => {
    const show = (context: RequestContext) => json(context.property(size));
    const root = new Resource("/").setHandlerFor(_get.to(show));
    const low = root.subresource("/low").setProperty(size.to(2)).setHandlerFor(_get.to(show));
    low
      .subresource("/deep")
      .setHandlerFor([_get.to(show), _post.to(show).withProperty(size.to(3)), _wildcardMethod.to(show)]);
    const service = root.intoService();
    const ask = async (path: string, method = "GET") => (await service.request(path, { method })).json();
    expect([await ask("/"), await ask("/low"), await ask("/low/deep")]).toEqual([1, 2, 2]);
    expect([await ask("/low/deep", "POST"), await ask("/low/deep", "PUT")]).toEqual([3, 2]);
  });

  it("is inherited from the router and the host's tree", async () => {
    const root = new Resource("/").setHandlerFor(_get.to((context) => json(context.property(size))));
    const router = new Router();
    router.setProperty(size.to(4));
    router.addHost(new Host("{tenant}.example.com", root));
    expect(await (await router.intoService().request("http://a.example.com/")).json()).toBe(4);
  });
});

describe("waitUntil", () => {
  it("reports failures to the logger, in process and over a socket", async () => {
    const reports: (ErrorReport & { message: string })[] = [];
    const logger = { error: (report: ErrorReport, message: string) => reports.push({ ...report, message }) };
    const late = new Error("late");
    const service = new Resource("/")
      .setHandlerFor(
        _get.to((context) => {
          context.waitUntil(Promise.reject(late));
          return "done";
        }),
      )
      .intoService({ logger });
    expect(await (await service.request("/")).text()).toBe("done");
    await withServer(service, async (port) => {
      expect((await rawRequest(port, "GET", "/")).body).toBe("done");
    });
    const expected = { err: late, message: "A promise given to waitUntil was rejected" };
    expect(reports).toEqual([expected, expected]);
  });
});

describe("the signal", () => {
  it("is the caller's in process", async () => {
    const abort = new AbortController();
    const service = new Resource("/")
      .setHandlerFor(
        _get.to(async ({ signal }) => {
          const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve));
          abort.abort();
          await aborted;
          return json(signal.aborted);
        }),
      )
      .intoService();
    expect(await (await service.request("/", { signal: abort.signal })).json()).toBe(true);
  });
});
