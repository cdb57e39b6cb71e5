import { describeValue } from "../common/describe-value.ts";
import type { MaybePromise } from "../common/maybe-promise.ts";
import type { Router } from "../router/router.ts";
import type { AppScope } from "./app-scope.ts";

/**
 * A piece of infrastructure that an app is wired to: a database, a cache, sessions.
 *
 * @typeParam Provides what `beforeRun` adds to the app's context
 * @typeParam Requires what must be in the context before it
 * @typeParam Config what it reads of the configuration
 *
 * @example
 * ```ts
 * class DatabaseInitializer implements Initializer<{ db: Database }, object, { database: { url: string } }> {
 *   readonly name = "database";
 *   async beforeRun({ config }: AppScope<{ database: { url: string } }>) {
 *     return { db: await Database.open(config.database.url) };
 *   }
 *   async onShutdown({ context }: AppScope<object, { db: Database }>) {
 *     await context.db.close();
 *   }
 * }
 * ```
 * Source: Loco, `Initializer`.
 */
export interface Initializer<
  Provides extends object | void = void,
  Requires extends object = object,
  Config extends object = object,
> {
  /** Errors name it; no two of an app have the same. */
  readonly name: string;
  /**
   * Where it runs when there are worker processes: in those that serve (`"serving"`, the default), or in the first
   * process only (`"first"`), before there are workers and after they have ended: for migrations and clocks. One for the
   * first process provides nothing and has no `afterRoutes`. Without workers there is no difference.
   */
  readonly runsIn?: "serving" | "first";
  /** Opens what the app needs, before routes are made. What it returns becomes part of the context. */
  beforeRun?(app: AppScope<Config, Requires>): MaybePromise<Provides>;
  /** Adds layers and resources when the routes are there. */
  afterRoutes?(
    router: Router,
    app: AppScope<Config, Requires & ProvidedOf<Provides>>,
  ): MaybePromise<Router | void>;
  /** Closes what `beforeRun` has opened, when the last connection has ended. */
  onShutdown?(app: AppScope<Config, Requires & ProvidedOf<Provides>>): MaybePromise<void>;
}

/** Nothing of an initializer that returns nothing. */
export type ProvidedOf<Provides> = [Provides] extends [object] ? Provides : object;

/**
 * An initializer with its types inferred: `onShutdown` sees what `beforeRun` returns.
 *
 * Throws a `TypeError` for what is no initializer.
 *
 * @example
 * ```ts
 * const database = initializer({
 *   name: "database",
 *   beforeRun: async ({ config }: AppScope<ShopConfig>) => ({ db: await Database.open(config.database.url) }),
 *   onShutdown: ({ context }) => context.db.close(),
 * });
 * ```
 */
export function initializer<
  Provides extends object | void = void,
  Requires extends object = object,
  Config extends object = object,
>(
  parts: Initializer<Provides, Requires, Config>,
): Initializer<NoInfer<Provides>, NoInfer<Requires>, NoInfer<Config>> {
  assertInitializer(parts);
  // Its types are never taken from the list that it stands in, whose members may be anything.
  return parts;
}

const HOOKS = ["beforeRun", "afterRoutes", "onShutdown"] as const;
const MEMBERS: readonly string[] = ["name", "runsIn", ...HOOKS];
const NAME = /^\S(?:.{0,98}\S)?$/;

/** Any initializer, for lists. */
export type AnyInitializer = Initializer<object | void, never, never>;

/** Throws a `TypeError` for a list in which one could not run, or could not be told from another one. */
export function assertInitializers(list: unknown): asserts list is readonly AnyInitializer[] {
  if (!Array.isArray(list)) {
    throw new TypeError(
      `initializers is an array, in the order in which they run, not ${describeValue(list)}.`,
    );
  }
  const names = new Set<string>();
  for (const each of list) {
    assertInitializer(each);
    if (names.has(each.name)) {
      throw new TypeError(`Two initializers have the name "${each.name}": errors could not tell which.`);
    }
    names.add(each.name);
  }
}

function assertInitializer(value: unknown): asserts value is AnyInitializer {
  if (typeof value !== "object" || value === null) {
    const advice = typeof value === "function" ? " If it makes one, call it, or write new in front." : "";
    throw new TypeError(`An initializer is an object with a name, not ${describeValue(value)}.${advice}`);
  }
  const { name, runsIn, afterRoutes } = value as Partial<AnyInitializer>;
  if (typeof name !== "string" || !NAME.test(name)) {
    throw new TypeError("An initializer needs a name of one line: errors name it.");
  }
  assertMembers(name, value as Readonly<Record<string, unknown>>);
  if (runsIn !== undefined && runsIn !== "serving" && runsIn !== "first") {
    throw new TypeError(`runsIn of the initializer "${name}" is "serving" or "first".`);
  }
  if (runsIn === "first" && afterRoutes !== undefined) {
    throw new TypeError(
      `The initializer "${name}" runs in the first process, which has no routes: move afterRoutes into one that serves.`,
    );
  }
}

/** Instances of classes have members of their own; a plain object with a misspelled hook would do nothing. */
function assertMembers(name: string, value: Readonly<Record<string, unknown>>): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === Object.prototype || prototype === null;
  const unknown = isPlain ? Object.keys(value).find((member) => !MEMBERS.includes(member)) : undefined;
  if (unknown !== undefined) {
    throw new TypeError(
      `The initializer "${name}" has a member "${unknown}", which does nothing. There are: ${MEMBERS.join(", ")}.`,
    );
  }
  const given = HOOKS.filter((hook) => value[hook] !== undefined);
  const wrong = given.find((hook) => typeof value[hook] !== "function");
  if (wrong !== undefined) {
    throw new TypeError(
      `${wrong} of the initializer "${name}" is a function, not ${describeValue(value[wrong])}.`,
    );
  }
  if (given.length === 0) {
    throw new TypeError(`The initializer "${name}" does nothing: it has none of ${HOOKS.join(", ")}.`);
  }
}
