import {
  _delete,
  _get,
  _post,
  _requestReceiver,
  around,
  json,
  type RequestContext,
  Resource,
  type Service,
  StatusCode,
} from "argania";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const warnings: string[] = [];

beforeEach(() => {
  warnings.length = 0;
  vi.spyOn(process, "emitWarning").mockImplementation(((message: string, options: { code: string }) => {
    warnings.push(`${options.code} ${message}`);
  }) as never);
});
afterEach(() => vi.restoreAllMocks());

let routes = 0;

/** At a route of its own, since each is warned of once. */
function service(handler: () => unknown, isWrapped = false): [Service, string] {
  routes += 1;
  const root = new Resource("/");
  const item = root.subresource(`/forgotten-${routes}/{id}`);
  item.setHandlerFor([
    _get.to(handler as () => null),
    _post.to(handler as () => null),
    _delete.to(handler as () => null),
  ]);
  if (isWrapped) {
    root.addLayerTo(_requestReceiver(around((_, next) => next())));
  }
  return [root.intoService(), `/forgotten-${routes}`];
}

test.each<[string, () => unknown, boolean]>([
  ["at once", () => {}, false],
  ["later", async () => {}, false],
  ["within layers", async () => {}, true],
])(
  "a handler of GET that returns nothing %s is warned of, once for its route",
  async (_, handler, isWrapped) => {
    const [app, path] = service(handler, isWrapped);
    for (const id of ["1", "2"]) {
      const response = await app.request(`${path}/${id}`);
      expect([response.status, await response.text()]).toEqual([200, ""]);
    }
    expect(warnings).toEqual([
      expect.stringContaining(`ARGANIA_NOTHING_RETURNED A handler of GET ${path}/{id} returned nothing`),
    ]);
  },
);

test.each<[string, () => unknown]>([
  ["null", () => null],
  ["a status", () => StatusCode.NO_CONTENT],
  ["a value", () => json(1)],
  ["text without characters", () => ""],
])("nothing is said of %s", async (_, handler) => {
  const [app, path] = service(handler);
  await app.request(`${path}/1`);
  expect(warnings).toEqual([]);
});

test("nor of a method that does something", async () => {
  const [app, path] = service(() => {});
  for (const method of ["POST", "DELETE", "HEAD"]) {
    expect((await app.request(`${path}/1`, { method })).status).toBe(200);
  }
  expect(warnings).toEqual([]);
});

test("nor of one whose client has gone, until a request whose client waits", async () => {
  const root = new Resource("/");
  routes += 1;
  const path = `/forgotten-${routes}`;
  const leave = new AbortController();
  root.subresource(path).setHandlerFor(
    _get.to((async ({ signal, query }: RequestContext) => {
      if (query.has("leave")) {
        leave.abort();
      }
      if (signal.aborted) {
        return;
      }
      // And here its author forgot it.
      await Promise.resolve("found");
    }) as never),
  );
  const app = root.intoService();
  await app.request(`${path}?leave`, { signal: leave.signal }).catch(() => {});
  expect(warnings).toEqual([]);
  await app.request(path);
  expect(warnings).toHaveLength(1);
});
