import { _get, Resource } from "argania";
import { App, type AppOptions, type Initializer } from "argania/app";

/** Notes what it is called for. */
export function noting(
  name: string,
  log: string[],
  hooks: Partial<Initializer> = {},
): Initializer<void> & { readonly name: string } {
  return {
    name,
    beforeRun: async (app) => {
      log.push(`${name} beforeRun`);
      await hooks.beforeRun?.(app);
    },
    afterRoutes: async (router, app) => {
      log.push(`${name} afterRoutes`);
      return hooks.afterRoutes?.(router, app);
    },
    onShutdown: async (app) => {
      log.push(`${name} onShutdown`);
      await hooks.onShutdown?.(app);
    },
  };
}

export const hello: () => Resource = () => new Resource("/").setHandlerFor(_get.to(() => "hello"));

export const boom = (): never => {
  throw new Error("boom");
};

/** An app of these initializers, with one page. */
export function appOf(
  initializers: readonly Initializer[],
  options: Partial<AppOptions<object, object, readonly []>> = {},
): App {
  const whole = { initializers, routes: hello, config: { server: { port: 0 } }, ...options };
  return new App(whole as never) as App;
}

export async function failureOf(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  return promise.then(
    () => {
      throw new Error("It did not fail.");
    },
    (error: Error) => error,
  );
}
