import { _get, _mistargetedRequest, _requestReceiver, type Args, around, Host, Resource } from "argania";
import { App, ContextKey, initializer } from "argania/app";
import { expect, test } from "vitest";

interface Db {
  readonly name: string;
}
const shop = new ContextKey<{ readonly db: Db }>("shop");
const database = initializer({
  name: "database",
  beforeRun: () => ({ db: { name: "main" } as Db, other: 1 }),
});

const named = around(async (context, next) => {
  const response = await next();
  response.headers.set("x-db", shop.of(context).db.name);
  return response;
});

test("a key gives the context to handlers and layers of every tree, wherever they are written", async () => {
  const users = new Resource("/users/{id}").setHandlerFor(
    _get.to([shop], ({ db }, { params }) => `${db.name} ${params.id}`),
  );
  users.addLayerTo(_requestReceiver(named));
  const root = new Resource("/");
  // An extension of its own does not hide the context.
  root.setExtension("mine");
  root.setHandlerFor(_mistargetedRequest.to([shop], ({ db }) => `${db.name} not found`));
  const app = new App({
    contextKey: shop,
    initializers: [database],
    routes: (router) => router.addHost(new Host("api.example.com", root)).addResource(users),
  });
  const service = await app.service();
  const response = await service.request("/users/7");
  expect(await response.text()).toBe("main 7");
  expect(response.headers.get("x-db")).toBe("main");
  expect(await (await service.request("http://api.example.com/nowhere")).text()).toBe("main not found");
  await app.close();
});

test("a key without its app says what to write", async () => {
  const errors: unknown[] = [];
  const logger = { error: ({ err }: { err: unknown }) => void errors.push(err) };
  const root = () => new Resource("/").setHandlerFor(_get.to([shop], ({ db }) => db.name));
  expect((await root().intoService({ logger }).request("/")).status).toBe(500);
  expect(String(errors[0])).toMatch(/No app gives the context "shop": write new App\(\{ contextKey/);
  const tested = root().setProperty(shop.to({ db: { name: "fake" } }));
  expect(await (await tested.intoService().request("/")).text()).toBe("fake");
});

test("two apps of one key have a context each", async () => {
  const made = ["one", "two"].map(
    (name) =>
      new App({
        context: { db: { name } },
        contextKey: shop,
        routes: () => new Resource("/").setHandlerFor(_get.to([shop], ({ db }) => db.name)),
      }),
  );
  const answers = made.map(async (app) => (await (await app.service()).request("/")).text());
  expect(await Promise.all(answers)).toEqual(["one", "two"]);
  await Promise.all(made.map((app) => app.close()));
});

test("layers carry state by closure, and through args.nodeExtension", async () => {
  const byClosure = ({ db }: { readonly db: Db }) =>
    around(async (_, next) => {
      const response = await next();
      response.headers.set("x-closure", db.name);
      return response;
    });
  const byExtension = around(async (_, next, args) => {
    const response = await next();
    response.headers.set("x-extension", (args as Args<{ readonly db: Db }>).nodeExtension.db.name);
    return response;
  });
  const app = new App({
    initializers: [database],
    routes: (router, { context }) => {
      const notes = new Resource("/notes").setExtension(context);
      notes.setHandlerFor(_get.to((_, { nodeExtension }) => nodeExtension.db.name));
      notes.addLayerTo(_requestReceiver([byClosure(context), byExtension]));
      return router.addResource(notes);
    },
  });
  const response = await (await app.service()).request("/notes");
  expect(await response.text()).toBe("main");
  expect([response.headers.get("x-closure"), response.headers.get("x-extension")]).toEqual(["main", "main"]);
  await app.close();
});
