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
