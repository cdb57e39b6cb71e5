import { _get, _requestReceiver, around } from "argania";
import { fetchHandler } from "argania/fetch";
import { afterEach, expect, test, vi } from "vitest";
import { site } from "../testing/app.ts";
import { serve } from "./serve.ts";

afterEach(() => vi.unstubAllGlobals());

const PlatformResponse = Response;

/** What a platform makes of an upgrade; the class of Node refuses the status. */
function upgraded(parts: object = {}): Response {
  return Object.defineProperties(new PlatformResponse(null, { headers: { "x-own": "1" } }), {
    status: { value: 101 },
    ...Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, { value }])),
  });
}

const withLayer = (app: () => unknown) =>
  site((root) => {
    root.subresource("/plain").setHandlerFor(_get.to(fetchHandler(app as () => Response)));
    const layered = root.subresource("/layered").setHandlerFor(_get.to(fetchHandler(app as () => Response)));
    layered.addLayerTo(
      _requestReceiver(
        around(async (_, next) => {
          const response = await next();
          response.headers.append("x-layer", String(response.status));
          return response;
        }),
      ),
    );
  });

const ask = (url: string, env?: unknown) =>
  [new Request(url, { headers: { upgrade: "websocket" } }), env] as const;

test("on Node an upgrade through fetch is an error that says what to use", async () => {
  const { url, errors } = await serve((root) => {
    root.subresource("/x").setHandlerFor(_get.to(fetchHandler(() => upgraded())));
  });
  expect((await fetch(`${url}/x`)).status).toBe(500);
  expect(errors.map(({ err }) => (err as Error).message)).toEqual([
    expect.stringContaining("webSocketUpgrade() of argania/websocket"),
  ]);
});

test("the very response reaches the platform, with what layers have added", async () => {
  const response = upgraded();
  const { service } = withLayer(() => response);
  expect(await service.fetch(...ask("http://x/plain"))).toBe(response);
  expect(await service.fetch(...ask("http://x/layered"))).toBe(response);
  expect([...response.headers]).toEqual([
    ["x-layer", "101"],
    ["x-own", "1"],
  ]);
});

test("one with immutable headers stays what it is", async () => {
  const response = upgraded({ headers: Response.redirect("http://x/", 302).headers });
  const { service } = withLayer(() => response);
  expect(await service.fetch(...ask("http://x/layered"))).toBe(response);
});

test("on Workers the client's end of the pair is kept", async () => {
  class WorkersResponse extends Response {
    readonly webSocket: unknown;
    constructor(body: null, init: ResponseInit & { webSocket: unknown; status: number }) {
      super(body, { headers: init.headers as Headers });
      this.webSocket = init.webSocket;
      Object.defineProperty(this, "status", { value: init.status });
    }
  }
  vi.stubGlobal("Response", WorkersResponse);
  const end = {};
  const made = () => upgraded({ webSocket: end });
  const { service } = withLayer(made);
  const answer = (await service.fetch(...ask("http://x/layered"))) as WorkersResponse;
  expect([
    answer.status,
    answer.webSocket,
    answer.headers.get("x-layer"),
    answer.headers.get("x-own"),
  ]).toEqual([101, end, "101", "1"]);
});

test("on Bun nothing is what the server has answered itself, and only for an upgrade", async () => {
  vi.stubGlobal("Bun", {});
  const { service } = withLayer(() => undefined);
  expect(await service.fetch(...ask("http://x/layered"))).toBeUndefined();
  expect((await service.fetch(new Request("http://x/plain"))).status).toBe(500);
});
