import { ConfigError } from "./config-error.ts";

/** Values by name, as files have them. */
export type ConfigObject = { [name: string]: unknown };

/** Files refer to themselves with aliases, and no configuration is this deep. */
const DEEPEST = 64;
/** Aliases make a few lines a million values. */
const MOST_VALUES = 100_000;

/** They do no harm here, but in the next object that something merges the configuration into. */
const POISONOUS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

export const POISONOUS_NAME = "nothing in a configuration may have this name.";

export function isPoisonous(name: string): boolean {
  return POISONOUS.has(name);
}

export function isPlainObject(value: unknown): value is ConfigObject {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * A configuration that is put together from several sources, each over the ones before it, and knows where each of
 * its values comes from. Objects are merged; everything else, arrays included, is replaced.
 */
export class ConfigTree {
  readonly value: ConfigObject = {};
  readonly #sources = new Map<string, string>();
  #count = 0;

  /** Puts an object over what is there. Throws a `ConfigError` that names the source for what is no configuration. */
  add(layer: unknown, source: string): void {
    if (!isPlainObject(layer)) {
      throw new ConfigError([
        { path: "", source, message: "a configuration is an object: names with their values." },
      ]);
    }
    this.#merge(this.value, layer, source, []);
  }

  /** Where the value at a path comes from, or the nearest one around it. */
  sourceOf(path: string): string | null {
    for (let at = path; at !== ""; at = at.slice(0, Math.max(at.lastIndexOf("."), 0))) {
      const source = this.#sources.get(at);
      if (source !== undefined) {
        return source;
      }
    }
    return null;
  }

  #merge(target: ConfigObject, layer: ConfigObject, source: string, path: readonly string[]): void {
    for (const [name, value] of Object.entries(layer)) {
      const place = [...path, name];
      if (isPoisonous(name)) {
        throw this.#refusal(place, source, POISONOUS_NAME);
      }
      if (value === undefined) {
        continue;
      }
      const old = Object.hasOwn(target, name) ? target[name] : undefined;
      if (isPlainObject(value)) {
        const inner = isPlainObject(old) ? old : {};
        target[name] = inner;
        this.#enter(place, source);
        this.#merge(inner, value, source, place);
      } else {
        target[name] = this.#copy(value, source, place);
      }
      if (!isPlainObject(value) || !isPlainObject(old)) {
        this.#sources.set(place.join("."), source);
      }
    }
  }

  /** Arrays are copied with what is in them, so that no source is changed through the result. */
  #copy(value: unknown, source: string, place: readonly string[]): unknown {
    this.#enter(place, source);
    if (Array.isArray(value)) {
      return value.map((item: unknown, index) => this.#copy(item, source, [...place, String(index)]));
    }
    if (isPlainObject(value)) {
      const copy: ConfigObject = {};
      this.#merge(copy, value, source, place);
      return copy;
    }
    return value;
  }

  #enter(place: readonly string[], source: string): void {
    this.#count += 1;
    if (place.length > DEEPEST) {
      throw this.#refusal(place.slice(0, 3), source, `it is nested more than ${DEEPEST} levels deep.`);
    }
    if (this.#count > MOST_VALUES) {
      throw this.#refusal(place.slice(0, 3), source, `there are more than ${MOST_VALUES} values.`);
    }
  }

  #refusal(place: readonly string[], source: string, message: string): ConfigError {
    return new ConfigError([{ path: place.join("."), source, message }]);
  }
}

/** Freezes plain objects and arrays, with everything in them; instances of classes stay as they are. */
export function freezeDeep<T>(value: T): T {
  if ((Array.isArray(value) || isPlainObject(value)) && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freezeDeep);
  }
  return value;
}
