import { _get, around, json, type Layer, Resource, Server } from "argania";
import {
  App,
  type AppScope,
  ContextKey,
  type Initializer,
  initializer,
  layersFrom,
  loadConfig,
  type ServerConfig,
} from "argania/app";
import { z } from "zod";
import { assertType, type Equal } from "./expect-type.ts";

interface Db {
  query(): Promise<string>;
}
interface Mailer {
  send(): void;
}
declare const db: Db;
declare const mailer: Mailer;

// What beforeRun returns is what onShutdown and afterRoutes see.
const database = initializer({
  name: "database",
  beforeRun: async ({ config }: AppScope<{ readonly database: { readonly url: string } }>) => {
    assertType<Equal<typeof config.database.url, string>>();
    return { db };
  },
  afterRoutes: (router, { context }) => {
    assertType<Equal<typeof context.db, Db>>();
    return router;
  },
  onShutdown: ({ context }) => {
    assertType<Equal<typeof context.db, Db>>();
  },
});

class Mail implements Initializer<{ mailer: Mailer }, { db: Db }> {
  readonly name = "mail";
  readonly #queue: string[] = [];
  async beforeRun({ context }: AppScope<object, { db: Db }>): Promise<{ mailer: Mailer }> {
    this.#queue.push(await context.db.query());
    return { mailer };
  }
  onShutdown({ context }: AppScope<object, { mailer: Mailer }>): void {
    context.mailer.send();
  }
}

const config = { database: { url: "x" } };
const app = new App({
  config,
  context: { started: 1 },
  initializers: [database, new Mail(), { name: "plain", beforeRun: () => {} }],
  routes(router, scope) {
    assertType<Equal<typeof scope.context.db, Db>>();
    assertType<Equal<typeof scope.context.mailer, Mailer>>();
    assertType<Equal<typeof scope.context.started, number>>();
    assertType<Equal<typeof scope.config.database.url, string>>();
    // @ts-expect-error nobody provides it
    scope.context.cache;
    // @ts-expect-error the context is not assigned to
    scope.context.started = 2;
    router.addResource(new Resource("/").setHandlerFor(_get.to(() => scope.context.db.query())));
  },
});
assertType<
  Equal<typeof app.context, { readonly started: number; readonly db: Db; readonly mailer: Mailer }>
>();
assertType<Equal<typeof app.config.database.url, string>>();

new App({
  config,
  // @ts-expect-error mail needs the database before it
  initializers: [new Mail(), database],
  routes() {},
});
new App({
  // @ts-expect-error the configuration has no database
  initializers: [database],
  routes() {},
});

// A key gives handlers the context with its type, and is given only to an app that has it.
const shop = new ContextKey<{ readonly db: Db }>("shop");
const users = new Resource("/users/{id}").setHandlerFor(
  _get.to([shop], ({ db }, { params }) => {
    assertType<Equal<typeof db, Db>>();
    return json([params.id, db.query()]);
  }),
);
around((context, next) => {
  assertType<Equal<ReturnType<typeof shop.of>, { readonly db: Db }>>();
  shop.of(context).db.query();
  return next();
});
new App({
  config,
  contextKey: shop,
  initializers: [database],
  routes: (router) => router.addResource(users),
});
new App({ config, contextKey: shop, initializers: [database, new Mail()], routes: () => users });
// @ts-expect-error no initializer provides db
new App({ config, contextKey: shop, initializers: [], routes: () => users });

// Layers of the configuration may name the type of their options, and see the context.
interface CorsOptions {
  readonly origins?: readonly string[];
}
declare class CorsLayer {
  constructor(options: CorsOptions);
  wrap: Exclude<Layer, (...parameters: never) => unknown>["wrap"];
}
new App({
  config,
  initializers: [database],
  middlewares: {
    cors: (options: CorsOptions) => new CorsLayer(options),
    audit: (_, { context }) => {
      assertType<Equal<typeof context.db, Db>>();
      return around((_context, next) => next());
    },
  },
  routes: () => [users],
});
layersFrom({ cors: (options: CorsOptions) => new CorsLayer(options) }, { cors: true }, undefined);
// @ts-expect-error a layer is wanted
new App({ middlewares: { cors: () => 7 }, routes() {} });
// @ts-expect-error routes is missing
new App({});
// @ts-expect-error there is no such option
new App({ routes() {}, intializers: [] });
// @ts-expect-error the section server is Argania's
new App({ config: { server: { port: {} } }, routes() {} });
new App({ config: { server: { port: 80, workers: "auto" } }, server: new Server(), routes() {} });

// A configuration has the type of its schema, and the section server.
const Schema = z.object({ database: z.object({ url: z.string(), size: z.coerce.number().default(5) }) });
export async function configurations(): Promise<void> {
  const checked = await loadConfig({ schema: Schema });
  assertType<Equal<typeof checked.database.size, number>>();
  assertType<Equal<typeof checked.server, ServerConfig>>();
  new App({ config: checked, initializers: [database], routes() {} });
  const ruled = await loadConfig({ schema: { name: "string", port: "number|optional" } });
  assertType<Equal<typeof ruled.name, string>>();
  assertType<Equal<typeof ruled.port, number | undefined>>();
  const unchecked = await loadConfig();
  assertType<Equal<(typeof unchecked)["anything"], unknown>>();
  assertType<Equal<typeof unchecked.server, ServerConfig>>();
  // @ts-expect-error there is no such option
  await loadConfig({ schema: Schema, directory: "config" });
}
