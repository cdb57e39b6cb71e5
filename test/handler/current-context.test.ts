import { setTimeout as pause } from "node:timers/promises";
import {
  _get,
  _requestReceiver,
  around,
  currentContext,
  ErrorResponse,
  Resource,
  type Service,
  ServiceOptionError,
} from "argania";
import { EventStream } from "argania/sse";
import { describe, expect, it } from "vitest";
import { rawRequest, withServer } from "../support/raw-http.ts";

/** Somewhere in the code, which nobody has told of the request. */
const here = () => currentContext()?.path ?? "nowhere";

class PathError extends ErrorResponse {
  readonly code = "PATH";
  readonly status = 418;

  override intoResponse() {
    const response = super.intoResponse("application/json");
    response.headers.set("x-here", here());
    return response;
  }
}

function service(asyncContext: boolean): Service {
  const root = new Resource("/");
  root.addLayerTo(
    _requestReceiver(
      around((context, next) => {
        const outside = here();
        context.beforeSend(({ headers }) => headers.set("x-hook", here()));
        context.beforeSend(({ headers }) => headers.set("x-layer", outside));
        return next();
      }),
    ),
  );
  root.subresource("/sync").setHandlerFor(_get.to(() => here()));
  root.subresource("/later").setHandlerFor(
    _get.to(async () => {
      await pause(5);
      return here();
    }),
  );
  root
    .subresource("/timer")
    .setHandlerFor(_get.to(() => new Promise<string>((resolve) => setTimeout(() => resolve(here()), 5))));
  root.subresource("/stream").setHandlerFor(
    _get.to(() =>
      (async function* () {
        yield here();
        await pause(5);
        yield ` ${here()}`;
      })(),
    ),
  );
  root.subresource("/web-stream").setHandlerFor(
    _get.to(
      () =>
        new ReadableStream<Uint8Array>({
          async pull(controller) {
            controller.enqueue(new TextEncoder().encode(here()));
            controller.close();
          },
        }),
    ),
  );
  root.subresource("/events").setHandlerFor(
    _get.to(
      () =>
        new EventStream(
          (async function* () {
            await pause(5);
            yield { data: here() };
          })(),
        ),
    ),
  );
  root.subresource("/throws").setHandlerFor(
    _get.to(() => {
      throw new PathError();
    }),
  );
  root.subresource("/rejects").setHandlerFor(
    _get.to(async () => {
      await pause(1);
      throw new PathError();
    }),
  );
  root.subresource("/nested").setHandlerFor(
    _get.to(async () => {
      const inner = await (await self.request("/later")).text();
      return `${inner} ${here()}`;
    }),
  );
  const self = root.intoService({ asyncContext });
  return self;
}

const ANSWERS: readonly (readonly [string, string])[] = [
  ["/sync", "/sync"],
  ["/later", "/later"],
  ["/timer", "/timer"],
  ["/stream", "/stream /stream"],
  ["/web-stream", "/web-stream"],
  ["/events", "data:/events\n\n"],
  ["/nested", "/later /nested"],
];

describe("currentContext()", () => {
  it.each(ANSWERS)("is the request's in process: %s", async (path, answer) => {
    const response = await service(true).request(path);
    expect(await response.text()).toBe(answer);
    expect([response.headers.get("x-layer"), response.headers.get("x-hook")]).toEqual([path, path]);
    expect(here()).toBe("nowhere");
  });

  it.each(ANSWERS)("is the request's under fetch: %s", async (path, answer) => {
    const response = await service(true).fetch(new Request(`http://a.example${path}`));
    expect(await response.text()).toBe(answer);
  });

  it.each(ANSWERS)("is the request's over a socket: %s", async (path, answer) => {
    await withServer(service(true), async (port) => {
      const { body, headers } = await rawRequest(port, "GET", path);
      expect(body).toBe(answer);
      expect([headers.get("x-layer"), headers.get("x-hook")]).toEqual([path, path]);
    });
    expect(here()).toBe("nowhere");
  });

  it.each(["/throws", "/rejects"])("is there while an error renders itself: %s", async (path) => {
    expect((await service(true).request(path)).headers.get("x-here")).toBe(path);
    await withServer(service(true), async (port) => {
      const { headers, status } = await rawRequest(port, "GET", path);
      expect([status, headers.get("x-here"), headers.get("x-hook")]).toEqual([418, path, path]);
    });
  });

  it("keeps requests at the same time apart", async () => {
    const root = new Resource("/");
    root.subresource("/{n}").setHandlerFor(
      _get.to(async ({ params }) => {
        await pause(Number(params.n) % 7);
        return here();
      }),
    );
    await withServer(root.intoService({ asyncContext: true }), async (port) => {
      const paths = Array.from({ length: 40 }, (_, n) => `/${n}`);
      const bodies = await Promise.all(paths.map(async (path) => (await rawRequest(port, "GET", path)).body));
      expect(bodies).toEqual(paths);
    });
  });

  it("is undefined where nobody has asked for it", async () => {
    expect(await (await service(false).request("/later")).text()).toBe("nowhere");
    expect(await (await service(false).request("/stream")).text()).toBe("nowhere nowhere");
  });

  it("is an option that is true or false", () => {
    expect(() => new Resource("/").intoService({ asyncContext: 1 as never })).toThrow(ServiceOptionError);
  });
});

describe("routing", () => {
  /** A service whose trust in proxies begins something that goes on after it. */
  function watching() {
    const seen: string[] = [];
    const later: Promise<string>[] = [];
    const root = new Resource("/").setHandlerFor(_get.to(() => here()));
    root.subresource("/{name}").setHandlerFor(_get.to(() => pause(1).then(here)));
    const peers = () => {
      seen.push(here());
      later.push(pause(5).then(here), new Promise((resolve) => setTimeout(() => resolve(here()), 5)));
      return true;
    };
    const served = root.intoService({ asyncContext: true, trustedProxies: { peers } });
    return { served, seen, later };
  }
  const headers = { "x-forwarded-for": "203.0.113.9" };

  it.each<[string, (served: Service) => Promise<string>]>([
    ["in process", async (served) => (await served.request("/a", { headers, remoteAddress: "::1" })).text()],
    [
      "under fetch",
      async (served) =>
        (await served.fetch(new Request("http://a.example/a", { headers }), { remoteAddress: "::1" })).text(),
    ],
    [
      "over a socket",
      (served) =>
        new Promise((resolve, reject) => {
          withServer(served, async (port) => {
            const response = await fetch(`http://127.0.0.1:${port}/a`, { headers });
            resolve(await response.text());
          }).catch(reject);
        }),
    ],
  ])("is within the scope of its request: %s", async (_, ask) => {
    const { served, seen, later } = watching();
    expect(await ask(served)).toBe("/a");
    // Where it leads was not known then; what began there belongs to the request all the same.
    expect(new Set(seen)).toEqual(new Set(["nowhere"]));
    expect(new Set(await Promise.all(later))).toEqual(new Set(["/a"]));
    expect(here()).toBe("nowhere");
  });

  it("is not within that of a request further out", async () => {
    const { served, seen, later } = watching();
    const outer = new Resource("/outer").setHandlerFor(
      _get.to(async () => {
        const inner = await served.request("/inner", { headers, remoteAddress: "::1" });
        return `${await inner.text()} in ${here()}`;
      }),
    );
    const response = await outer.intoService({ asyncContext: true }).request("/outer");
    expect(await response.text()).toBe("/inner in /outer");
    expect(new Set(seen)).toEqual(new Set(["nowhere"]));
    expect(new Set(await Promise.all(later))).toEqual(new Set(["/inner"]));
  });

  it("of a request that leads nowhere has no context, then or later", async () => {
    const { served, later } = watching();
    expect((await served.request("/%zz", { headers, remoteAddress: "::1" })).status).toBe(400);
    await withServer(served, async (port) => {
      expect((await rawRequest(port, "GET", "/%zz")).status).toBe(400);
    });
    for (const path of await Promise.all(later)) {
      expect(path).toBe("nowhere");
    }
  });
});
