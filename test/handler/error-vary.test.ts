import {
  _get,
  _requestReceiver,
  ErrorResponse,
  json,
  Resource,
  ResponseError,
  respond,
  Server,
} from "argania";
import { CorsLayer } from "argania/middleware";
import { afterAll, describe, expect, it } from "vitest";

class Gone extends ErrorResponse {
  readonly code = "GONE";
  readonly status = 410;
}

const errors: Readonly<Record<string, () => unknown>> = {
  "/thrown": () => new ResponseError(409, "taken"),
  "/class": () => new Gone(),
  "/bug": () => new Error("broken"),
  "/own": () => new ResponseError(409, "taken", { headers: { vary: "Cookie" } }),
  "/same": () => new ResponseError(409, "taken", { headers: { vary: "Cookie, accept" } }),
  "/any": () => new ResponseError(409, "taken", { headers: { vary: "*" } }),
};

function tree(): Resource {
  const root = new Resource("/");
  for (const [path, make] of Object.entries(errors)) {
    root.subresource(path).setHandlerFor(
      _get.to(() => {
        throw make();
      }),
    );
  }
  root.subresource("/fine").setHandlerFor(_get.to(() => json({ fine: true })));
  root.subresource("/page").setHandlerFor(_get.to(() => respond(new Gone(), "gone")));
  return root;
}

const silent = { logger: { error() {} } };
const service = tree().intoService(silent);
const handle = await new Server().serve(tree().intoService(silent), "127.0.0.1:0");
afterAll(() => handle.close());

interface Init {
  readonly method: string;
  readonly headers: Record<string, string>;
}

describe("what is negotiated by Accept says so in Vary", () => {
  const ways: Readonly<Record<string, (path: string, init: Init) => Promise<Response>>> = {
    "in process": (path, init) => service.request(path, init),
    "over a socket": (path, init) => fetch(`${handle.url}${path}`, init),
  };
  const expected: readonly (readonly [string, string, string | null])[] = [
    ["GET", "/nowhere", "Accept"],
    ["POST", "/fine", "Accept"],
    ["GET", "/thrown", "Accept"],
    ["GET", "/class", "Accept"],
    ["GET", "/bug", "Accept"],
    ["GET", "/own", "Cookie, Accept"],
    ["GET", "/same", "Cookie, accept"],
    ["GET", "/any", "*"],
    ["GET", "/fine", null],
    ["GET", "/page", null],
  ];

  describe.each(Object.entries(ways))("%s", (_, send) => {
    it.each(expected)("%s %s", async (method, path, vary) => {
      for (const accept of ["*/*", "text/html", "application/json"]) {
        // Twice: what is rendered once for all requests is not changed by one of them.
        for (let times = 0; times < 2; times++) {
          const response = await send(path, { method, headers: { accept } });
          expect(response.headers.get("vary")).toBe(vary);
        }
      }
    });
  });

  it("beside what a layer adds", async () => {
    const layered = tree().addLayerTo(_requestReceiver(new CorsLayer({ origins: ["https://a.test"] })));
    const cors = layered.intoService(silent);
    const headers = { accept: "text/html", origin: "https://a.test" };
    for (const path of ["/nowhere", "/thrown", "/own"]) {
      const response = await cors.request(path, { headers });
      expect(response.headers.get("vary")).toMatch(/^(Cookie, )?Accept, Origin$/);
    }
  });
});
