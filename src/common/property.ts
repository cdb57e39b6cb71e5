import { describeValue } from "./describe-value.ts";

/**
 * An option that resources inherit from the nodes above them, such as a body limit or a cookie key.
 *
 * Throws a `TypeError` without a name or a default, which may be `undefined` where that is written.
 *
 * @example
 * ```ts
 * const pageSize = new PropertyKind<number>("page size", 20);
 * root.setProperty(pageSize.to(50));
 * // in a handler: context.property(pageSize) === 50
 * ```
 */
export class PropertyKind<T> {
  readonly name: string;
  readonly defaultValue: T;

  constructor(name: string, defaultValue: T);
  constructor(name: string, ...values: readonly T[]) {
    if (typeof name !== "string" || name === "" || values.length !== 1) {
      throw new TypeError(
        'PropertyKind takes a name and a default: write new PropertyKind("page size", 20).',
      );
    }
    this.name = name;
    this.defaultValue = values[0] as T;
  }

  /** This option with a value, to be given to `setProperty` or `withProperty`. */
  to(value: T): Property<T> {
    return { kind: this, value };
  }
}

/** A value for a {@link PropertyKind}. */
export interface Property<T = unknown> {
  readonly kind: PropertyKind<T>;
  readonly value: T;
}

/** The options in force at a node. */
export type Properties = ReadonlyMap<PropertyKind<unknown>, unknown>;

export const NO_PROPERTIES: Properties = new Map();

/** `inherited` with `own` put over it; the same map when there is nothing of one's own. */
export function overlayProperties(inherited: Properties, own: Properties): Properties {
  return own.size === 0 ? inherited : new Map([...inherited, ...own]);
}

/**
 * Properties by their kinds. Throws a `TypeError` for what is none, which nothing would ever ask for.
 *
 * @param owner what they are given to, as users write it
 */
export function propertyEntries(
  owner: string,
  properties: readonly Property[],
): readonly (readonly [PropertyKind<unknown>, unknown])[] {
  return properties.map((property: Property | null | undefined) => {
    if (!(property?.kind instanceof PropertyKind) || !("value" in property)) {
      const isKind = property instanceof PropertyKind;
      throw new TypeError(
        `${owner} takes options with a value, not ${isKind ? "an option without one" : describeValue(property)}: write ${owner}(bodyLimit.to(1_000_000)).`,
      );
    }
    return [property.kind, property.value] as const;
  });
}
