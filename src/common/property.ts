/**
 * An option that resources inherit from the nodes above them, such as a body limit or a cookie key.
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

  constructor(name: string, defaultValue: T) {
    this.name = name;
    this.defaultValue = defaultValue;
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
