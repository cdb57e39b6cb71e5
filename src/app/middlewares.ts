import { describeValue } from "../common/describe-value.ts";
import { isPromiseLike } from "../common/maybe-promise.ts";
import { type OneOrMany, toArray } from "../common/one-or-many.ts";
import { assertLayer, type Layer } from "../handler/layer.ts";
import { MiddlewareConfigError } from "./app-errors.ts";
import type { AppScope } from "./app-scope.ts";
import type { MiddlewareConfig } from "./config/server-config.ts";

/** Makes a layer, or several, of its part of the configuration. */
export type MiddlewareFactory<App = AppScope> = {
  // As a method, so that each may name the type of its own options.
  make(options: object, app: App): OneOrMany<Layer>;
}["make"];

/** Layers that a configuration can switch on, by name. The first one is the outermost. */
export type Middlewares<App = AppScope> = Readonly<Record<string, MiddlewareFactory<App>>>;

const NAME = /^[A-Za-z][\w-]*$/;

/** Throws a `TypeError` for what is no list of factories. Names of digits would lose their place. */
export function assertMiddlewares(middlewares: unknown): void {
  if (typeof middlewares !== "object" || middlewares === null || Array.isArray(middlewares)) {
    throw new TypeError(
      `middlewares is an object of functions, { cors: (options) => new CorsLayer(options) }, not ${describeValue(middlewares)}.`,
    );
  }
  for (const [name, make] of Object.entries(middlewares)) {
    if (!NAME.test(name) || typeof make !== "function") {
      throw new TypeError(
        `middlewares["${name}"] is a function that makes a layer, under a name that begins with a letter.`,
      );
    }
  }
}

/**
 * The layers that a configuration switches on, in the order of `middlewares`. What is switched off, or not named, is
 * not made: at run time there is no trace of it.
 *
 * Throws a `MiddlewareConfigError` (`ARGANIA_MIDDLEWARE_CONFIG`) for a name that there is no layer for, and for what its
 * function throws.
 *
 * @param section the layers by name: options, `true` for none, `false` or `enable: false` for off
 *
 * @example
 * ```ts
 * const layers = layersFrom(
 *   { cors: (options: CorsOptions) => new CorsLayer(options) },
 *   { cors: { enable: true, origins: ["https://example.com"] } },
 *   app,
 * );
 * router.addLayerTo(_requestPasser(layers));
 * ```
 * Source: Loco, `server.middlewares`.
 */
export function layersFrom<App>(
  middlewares: Middlewares<App>,
  section: Readonly<Record<string, MiddlewareConfig>>,
  app: App,
): Layer[] {
  assertMiddlewares(middlewares);
  const unknown = Object.keys(section).find((name) => !Object.hasOwn(middlewares, name));
  if (unknown !== undefined) {
    const names = Object.keys(middlewares).join(", ");
    throw new MiddlewareConfigError(
      unknown,
      `is no layer that the app has. ${names === "" ? "It has none: give new App({ middlewares })" : `There are: ${names}`}.`,
    );
  }
  return Object.entries(middlewares).flatMap(([name, make]) => {
    const options = Object.hasOwn(section, name) ? optionsOf(name, section[name]) : null;
    return options === null ? [] : layersOf(name, make, options, app);
  });
}

/** `null` for what is switched off. */
function optionsOf(name: string, config: unknown): object | null {
  if (typeof config === "boolean") {
    return config ? {} : null;
  }
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw new MiddlewareConfigError(name, `is true, false or options, not ${describeValue(config)}.`);
  }
  const { enable = true, ...options } = config as { enable?: unknown };
  if (typeof enable !== "boolean") {
    throw new MiddlewareConfigError(name, `has an enable that is neither true nor false.`);
  }
  return enable ? options : null;
}

function layersOf<App>(
  name: string,
  make: MiddlewareFactory<App>,
  options: object,
  app: App,
): readonly Layer[] {
  try {
    const made: unknown = make(options, app);
    if (isPromiseLike(made)) {
      // It is refused, and nobody waits for it.
      Promise.resolve(made).catch(() => {});
    }
    const layers = toArray(made as OneOrMany<Layer>);
    layers.forEach(assertLayer);
    return layers;
  } catch (error) {
    const reason = error instanceof Error ? error.message : describeValue(error);
    throw new MiddlewareConfigError(name, `cannot be made: ${reason}`, { cause: error });
  }
}
