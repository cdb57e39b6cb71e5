import { type Property, PropertyKind } from "../common/property.ts";
import type { Extractor } from "../data/extractor.ts";
import type { RequestContext } from "../request/request-context.ts";

/**
 * Gives handlers and layers the context of their app, with its type, wherever they are written. It is an extractor, and
 * has `of(context)` for layers.
 *
 * @example
 * ```ts
 * export const shop = new ContextKey<{ db: Database }>("shop");
 * users.setHandlerFor(_get.to([shop], async ({ db }) => json(await db.users())));
 * const app = new App({ contextKey: shop, initializers: [database], routes: (router) => router.addResource(users) });
 * ```
 * Source: Loco, `AppContext`.
 */
export class ContextKey<Context extends object> implements Extractor<Context, object> {
  readonly name: string;
  readonly #kind: PropertyKind<Context | undefined>;

  constructor(name: string) {
    this.name = name;
    this.#kind = new PropertyKind<Context | undefined>(name, undefined);
  }

  /** The context of the app that answers this request. Throws a `TypeError` where no app has this key. */
  of(context: RequestContext<object>): Context {
    const value = context.property(this.#kind);
    if (value === undefined) {
      throw new TypeError(
        `No app gives the context "${this.name}": write new App({ contextKey, … }), or in a test of resources alone resource.setProperty(key.to({ … })).`,
      );
    }
    return value;
  }

  extract(context: RequestContext<object>): Context {
    return this.of(context);
  }

  /** The context for resources that are served without their app, as tests do: `resource.setProperty(shop.to({ db }))`. */
  to(value: Context): Property {
    return this.#kind.to(value) as Property;
  }
}
