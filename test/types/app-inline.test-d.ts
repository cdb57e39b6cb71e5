import type { Router } from "argania";
import { App, type AppScope, type Initializer, initializer } from "argania/app";
import { assertType, type Equal } from "./expect-type.ts";

// What is written where it is used has the types of what stands in a constant in front.
new App({
  initializers: [
    initializer({ name: "a", beforeRun: () => ({ x: 1 }) }),
    initializer({
      name: "b",
      beforeRun: ({ context }: AppScope<object, { x: number }>) => ({ y: String(context.x) }),
      onShutdown: ({ context }) => assertType<Equal<typeof context.y, string>>(),
    }),
    { name: "c", beforeRun: async () => ({ z: true }) },
  ],
  routes(_, { context }) {
    assertType<Equal<typeof context.x, number>>();
    assertType<Equal<typeof context.y, string>>();
    assertType<Equal<typeof context.z, boolean>>();
    // @ts-expect-error nobody provides it
    context.w;
  },
});
new App({
  initializers: [
    initializer({ name: "a", afterRoutes: (router) => assertType<Equal<typeof router, Router>>() }),
    initializer({ name: "b", onShutdown: () => {} }),
    { name: "c", afterRoutes: (router) => assertType<Equal<typeof router, Router>>() },
    { name: "d", onShutdown: ({ environment }) => assertType<Equal<typeof environment, string>>() },
    { name: "e", beforeRun: ({ environment }) => ({ environment }) },
    {
      name: "f",
      async afterRoutes(router, { logger }) {
        logger.error({ err: null }, router.toString());
      },
    },
  ],
  routes(_, { context }) {
    assertType<Equal<typeof context.environment, string>>();
  },
});

// What is missing is still missed.
type NeedsX = AppScope<object, { x: number }>;
type NeedsUrl = AppScope<{ url: string }>;
new App({
  initializers: [
    // @ts-expect-error nobody provides x before
    initializer({ name: "b", beforeRun: ({ context }: NeedsX) => ({ y: context.x }) }),
    initializer({ name: "a", beforeRun: () => ({ x: 1 }) }),
  ],
  routes() {},
});
new App({
  // @ts-expect-error the configuration has no url
  initializers: [initializer({ name: "a", beforeRun: ({ config }: NeedsUrl) => ({ config }) })],
  routes() {},
});
// @ts-expect-error an initializer has a name
new App({ initializers: [{ beforeRun: () => ({ x: 1 }) }], routes() {} });
// @ts-expect-error no initializer provides a number
new App({ initializers: [{ name: "a", beforeRun: () => 7 }], routes() {} });

// An app without initializers has what it was given.
const plain = new App({ context: { x: 1 }, routes() {} });
assertType<Equal<typeof plain.context, { readonly x: number }>>();
const made = initializer({ name: "a", beforeRun: () => ({ x: 1 }) });
assertType<Equal<typeof made, Initializer<{ x: number }>>>();
const apps: App[] = [new App({ initializers: [made], routes() {} }), new App({ routes() {} })];
apps.pop();
