import { _get, _post, _requestReceiver, Resource, respond } from "argania";
import { type ConnectMiddleware, connectLayer } from "argania/connect";
import compression from "compression";
import { describe, expect, it } from "vitest";
import { eventually, serveTree } from "./serve-tree.ts";

// biome-ignore lint/suspicious/noExplicitAny: whatever Node's request and response take
type Any = any;

const treeWith = (
  middleware: (request: Any, response: Any, next: Any) => unknown,
  handler: () => unknown = () => "inside",
) => {
  const root = new Resource("/").addLayerTo(_requestReceiver(connectLayer(middleware as ConnectMiddleware)));
  return root.setHandlerFor([_get.to(handler as () => string), _post.to(handler as () => string)]);
};

describe("what Express gives its requests", () => {
  it("is there, and may be replaced", async () => {
    const seen: unknown[] = [];
    const root = treeWith((request, _response, next) => {
      seen.push([
        request.get("Referrer"),
        request.get("referer"),
        request.header("X-A"),
        request.get("none"),
      ]);
      seen.push([request.host.replace(/:\d+$/, ""), request.hostname, request.protocol, request.secure]);
      seen.push([request.path, request.xhr, request.ips, { ...request.query }]);
      request.query = { mine: true };
      request.ip = "192.0.2.1";
      seen.push([request.query, request.ip, typeof request.app.get("trust proxy fn")]);
      next();
    });
    const { url, service } = await serveTree(root);
    const headers = { referer: "http://r/", "x-a": "1", "x-requested-with": "XMLHttpRequest" };
    const [name] = [new URL(url).hostname];
    const expected = (host: string) => [
      ["http://r/", "http://r/", "1", undefined],
      [host, host, "http", false],
      ["/", true, [], { a: ["1", "2", "3"], b: "4" }],
      [{ mine: true }, "192.0.2.1", expect.any(String)],
    ];
    await fetch(`${url}?a=1&b=4&a=2&a=3`, { headers });
    expect(seen.splice(0)).toEqual(expected(name as string));
    await service.request("/?a=1&b=4&a=2&a=3", { headers });
    expect(seen).toEqual(expected("localhost"));
  });
});

describe("the socket of a request that has none", () => {
  it("takes what is done to sockets", async () => {
    let written: unknown;
    const root = treeWith(({ socket }, _response, next) => {
      const same = [
        socket.setTimeout(1_000),
        socket.setNoDelay(true),
        socket.setKeepAlive(true),
        socket.ref(),
        socket.unref(),
      ];
      expect(same.every((each) => each === socket)).toBe(true);
      expect([socket.encrypted, socket.remoteAddress]).toEqual([true, "127.0.0.1"]);
      socket.write("nowhere", (error: unknown) => {
        written = error ?? null;
      });
      next();
    });
    const response = await root.intoService().request("https://localhost/");
    expect(await response.text()).toBe("inside");
    await eventually(() => written === null);
  });
});

describe("what is written too late", () => {
  it("is an error for whoever listens, and changes nothing", async () => {
    const errors: unknown[] = [];
    const note = (error: unknown) => errors.push((error as { code?: string } | undefined)?.code);
    const root = treeWith((_request, response) => {
      response.on("error", note);
      response.end("first");
      expect(response.write("second", note)).toBe(false);
      response.end("third", note);
    });
    const { url, service, logged } = await serveTree(root);
    for (const answer of [await fetch(url), await service.request("/")]) {
      expect(await answer.text()).toBe("first");
    }
    await eventually(() => errors.length >= 8);
    expect(new Set(errors)).toEqual(new Set(["ERR_STREAM_WRITE_AFTER_END"]));
    expect(logged).toEqual([]);
  });
});

describe("responses without a body, through middleware that waits for one", () => {
  const stream = () => {
    let isReleased = false;
    const body = new ReadableStream({
      cancel() {
        isReleased = true;
      },
    });
    return { body, isReleased: () => isReleased };
  };

  it.each([204, 304])("a stream under %s is let go of", async (status) => {
    const { body, isReleased } = stream();
    const { url } = await serveTree(treeWith(compression() as never, () => respond(status, body)));
    const response = await fetch(url);
    expect([response.status, await response.text()]).toEqual([status, ""]);
    await eventually(isReleased);
  });

  it.each([204, 304])("a text under %s is not sent", async (status) => {
    const { url, service } = await serveTree(treeWith(compression() as never, () => respond(status, "text")));
    for (const response of [await fetch(url), await service.request("/")]) {
      expect([response.status, await response.text()]).toEqual([status, ""]);
    }
  });
});

describe("what Express gives its responses", () => {
  it.each<[string, (response: Any) => unknown, unknown, string | null, string]>([
    ["send(text)", (response) => response.send("a"), 200, "text/html; charset=utf-8", "a"],
    ["send()", (response) => response.status(202).send(), 202, null, ""],
    ["send(null)", (response) => response.send(null), 200, null, ""],
    ["send(bytes)", (response) => response.type("png").send(Buffer.from("b")), 200, null, "b"],
    [
      "send(object)",
      (response) => response.send({ a: 1 }),
      200,
      "application/json; charset=utf-8",
      '{"a":1}',
    ],
    ["json(undefined)", (response) => response.json(undefined), 200, "application/json; charset=utf-8", ""],
    ["type() and send()", (response) => response.type(".txt").send("c"), 200, "text/plain", "c"],
    [
      "set() with an object",
      (response) => response.set({ "content-type": "a/b" }).send("d"),
      200,
      "a/b",
      "d",
    ],
  ])("%s", async (_, use, status, type, text) => {
    const { url, service } = await serveTree(treeWith((_request, response) => use(response)));
    for (const response of [await fetch(url), await service.request("/")]) {
      expect([response.status, await response.text()]).toEqual([status, text]);
      if (type !== null) {
        expect(response.headers.get("content-type")).toMatch(type);
      }
    }
  });

  it("append(), get() and vary() add to what there is", async () => {
    const root = treeWith((_request, response, next) => {
      response.append("x-a", "1").append("x-a", ["2", "3"]).vary("Origin").vary(["accept", "origin"]);
      response.set("x-b", response.get("x-a").join("+"));
      next();
    });
    const { url, service } = await serveTree(root);
    for (const { headers } of [await fetch(url), await service.request("/")]) {
      expect([headers.get("x-a"), headers.get("x-b"), headers.get("vary")?.toLowerCase()]).toEqual([
        "1, 2, 3",
        "1+2+3",
        "origin, accept",
      ]);
    }
  });
});
