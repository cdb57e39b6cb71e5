import { around, type Layer } from "argania";
import { App, type Middlewares, type ServerConfig, standardMiddlewares } from "argania/app";
import { assertType, type Equal } from "./expect-type.ts";

interface StampOptions {
  readonly value?: string;
  readonly at?: number;
}
declare const stampLayer: (options: StampOptions) => Layer;
const stamp = (options: StampOptions) => stampLayer(options);
const plain = () => around((_, next) => next());
const middlewares = { ...standardMiddlewares, stamp, plain };

// What boot would refuse does not compile where the names are known.
// @ts-expect-error there is no layer crs
new App({ middlewares, config: { server: { middlewares: { crs: true } } }, routes() {} });
// @ts-expect-error nor one beside others, in any order
new App({ config: { server: { port: 1, middlewares: { cors: true, crs: {} } } }, middlewares, routes() {} });
// @ts-expect-error cors has no option origin
new App({ middlewares, config: { server: { middlewares: { cors: { origin: "*" } } } }, routes() {} });
// @ts-expect-error nor beside others
new App({ middlewares, config: { server: { middlewares: { stamp: { value: "a", att: 1 } } } }, routes() {} });
new App({
  middlewares,
  // @ts-expect-error nor one that is switched off
  config: { server: { middlewares: { stamp: { enable: false, att: 1 } } } },
  routes() {},
});
const misspelt = { database: { url: "x" }, server: { middlewares: { stamp: { att: 1 } } } };
// @ts-expect-error nor in a constant
new App({ middlewares, config: misspelt, routes() {} });
// @ts-expect-error nor with layers that are written in place
new App({ middlewares: { stamp, plain }, config: { server: { middlewares: { stmp: true } } }, routes() {} });
new App({
  middlewares: {
    stamp: (options: StampOptions, { environment }) => (environment === "x" ? [] : stampLayer(options)),
  },
  // @ts-expect-error nor with layers that ask for the app
  config: { server: { middlewares: { stamp: { att: 1 } } } },
  routes() {},
});

// What holds compiles, and keeps its types.
const app = new App({
  middlewares: {
    ...standardMiddlewares,
    own: (options: StampOptions, { config, context }) => {
      assertType<Equal<typeof config.database.url, string>>();
      assertType<Equal<typeof context.x, number>>();
      return stampLayer(options);
    },
    any: (options) => {
      assertType<Equal<typeof options, object>>();
      return [];
    },
  },
  context: { x: 1 },
  config: {
    database: { url: "x" },
    server: {
      middlewares: {
        cors: { origins: ["https://a.example"] },
        csrf: false,
        requestId: { enable: true },
        timeout: { enable: false, ms: 5 },
        own: { value: "a", at: 1 },
        any: { whatever: 1 },
      },
    },
  },
  routes(_, { config }) {
    assertType<Equal<typeof config.database.url, string>>();
  },
});
assertType<Equal<typeof app.config.database.url, string>>();
assertType<Equal<typeof app.context, { readonly x: number }>>();

// Names that nobody knows yet are left to boot.
declare const loaded: { readonly server: ServerConfig };
declare const some: Middlewares;
declare const either: { stamp: typeof stamp } | { plain: typeof plain };
const isOn: boolean = Math.random() > 2;
const apps: App[] = [
  new App({ config: loaded, routes() {} }),
  new App({ config: loaded, middlewares, routes() {} }),
  new App({ config: { server: { middlewares: { stamp: isOn } } }, middlewares: either, routes() {} }),
  new App({ config: { server: { middlewares: { crs: true } } }, middlewares: some, routes() {} }),
  new App({ middlewares, config: { server: { middlewares: isOn ? { cors: true } : {} } }, routes() {} }),
  new App({
    middlewares: { ...(isOn ? { stamp } : {}) },
    config: { server: { middlewares: { stamp: { at: 1 } } } },
    routes() {},
  }),
  new App({ config: { server: { middlewares: { cors: true } } }, routes() {} }),
  new App({
    middlewares: { either: (_: { readonly a?: 1 } | { readonly b?: 2 }) => [], stamp },
    config: { server: { middlewares: { either: { b: 2 }, stamp: isOn ? true : { value: "a" } } } },
    routes() {},
  }),
  new App({ middlewares, config: { server: {} }, routes() {} }),
  new App({
    middlewares: isOn ? { stamp } : {},
    config: { server: { middlewares: { stamp: isOn } } },
    routes() {},
  }),
  new App<{ readonly server: ServerConfig }>({ config: loaded, middlewares, routes() {} }),
];
apps.pop();
