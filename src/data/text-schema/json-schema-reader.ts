import { ANYTHING, both, either, NOTHING, type Place } from "./place.ts";
import { bothShapes, eitherShape, type Shape, UNKNOWN_SHAPE } from "./shape.ts";

/** A schema of JSON Schema, of which any part may be what one did not expect. */
type Keywords = Readonly<Record<string, unknown>>;

/**
 * Reads of a JSON Schema (draft 2020-12, and what draft 7 has in common with it) which texts may become something else. What it
 * does not understand takes anything: then texts stay what they are.
 */
export class JsonSchemaReader {
  readonly #root: unknown;

  constructor(root: unknown) {
    this.#root = root;
  }

  /** The names of the object that the schema is for; `null` when it is for none. */
  shape(): Shape | null {
    return this.#shapeOf(this.#root, []);
  }

  /** @param refs those that have led here: a schema may be inside itself */
  #shapeOf(schema: unknown, refs: readonly string[]): Shape | null {
    if (schema === false || (isKeywords(schema) && !includesType(schema, "object"))) {
      return null;
    }
    if (!isKeywords(schema)) {
      return UNKNOWN_SHAPE;
    }
    const { $ref, allOf, anyOf, oneOf } = schema;
    let shape: Shape | null = this.#ownShape(schema);
    const limit = (other: Shape | null): void => {
      shape = shape === null || other === null ? null : bothShapes(shape, other);
    };
    for (const each of listOf(allOf)) {
      limit(this.#shapeOf(each, refs));
    }
    if (typeof $ref === "string") {
      limit(refs.includes($ref) ? UNKNOWN_SHAPE : this.#shapeOf(this.#resolve($ref), [...refs, $ref]));
    }
    for (const choices of [anyOf, oneOf].filter(Array.isArray)) {
      const [first, ...rest] = choices
        .map((each) => this.#shapeOf(each, refs))
        .filter((each) => each !== null);
      limit(first === undefined ? null : eitherShape([first, ...rest]));
    }
    return shape;
  }

  #ownShape({ properties, patternProperties, additionalProperties, required }: Keywords): Shape {
    const named = isKeywords(properties) ? Object.entries(properties) : [];
    // Without a word on them, others may be there, and be anything (JSON Schema Core §10.3.2.3).
    const others = additionalProperties === false ? null : this.#placeOf(additionalProperties, [], false);
    return {
      named: new Map(named.map(([name, schema]) => [name, this.#placeOf(schema, [], false)])),
      others: patternProperties === undefined ? others : ANYTHING,
      required: listOf(required).filter((name) => typeof name === "string"),
      variants: null,
    };
  }

  #placeOf(schema: unknown, refs: readonly string[], isItem: boolean): Place {
    if (!isKeywords(schema)) {
      return schema === false ? NOTHING : ANYTHING;
    }
    const { $ref, allOf, anyOf, oneOf, not } = schema;
    if (not === true || (isKeywords(not) && Object.keys(not).length === 0)) {
      return NOTHING;
    }
    const place = (each: unknown) => this.#placeOf(each, refs, isItem);
    const limits = [...listOf(allOf).map(place), listedPlace(schema)];
    if (typeof $ref === "string" && !refs.includes($ref)) {
      limits.push(this.#placeOf(this.#resolve($ref), [...refs, $ref], isItem));
    }
    for (const choices of [anyOf, oneOf].filter(Array.isArray)) {
      limits.push(choices.map(place).reduce(either, NOTHING));
    }
    return limits.reduce(both, this.#typedPlace(schema, isItem));
  }

  #typedPlace(schema: Keywords, isItem: boolean): Place {
    const { prefixItems, items } = schema;
    const has = (type: string) => includesType(schema, type);
    const item = (each: unknown) => this.#placeOf(each, [], true);
    return {
      strings: has("string") ? true : [],
      numbers: has("number") || has("integer") ? true : [],
      booleans: has("boolean") ? true : [],
      items: has("array") && !isItem ? { first: listOf(prefixItems).map(item), others: item(items) } : null,
    };
  }

  /** What a reference within the schema leads to (RFC 6901); `undefined` for any other, and for what is not there. */
  #resolve(ref: string): unknown {
    if (ref !== "#" && !ref.startsWith("#/")) {
      return undefined;
    }
    let found = this.#root;
    for (const part of ref.split("/").slice(1)) {
      const name = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
      const isThere = typeof found === "object" && found !== null && Object.hasOwn(found, name);
      found = isThere ? (found as Record<string, unknown>)[name] : undefined;
    }
    return found;
  }
}

function isKeywords(value: unknown): value is Keywords {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Without a type it is any. */
function includesType({ type }: Keywords, wanted: string): boolean {
  return type === undefined || type === wanted || listOf(type).includes(wanted);
}

function listedPlace(schema: Keywords): Place {
  const values = "const" in schema ? [schema.const] : schema.enum;
  if (!Array.isArray(values)) {
    return ANYTHING;
  }
  return {
    strings: values.filter((value) => typeof value === "string"),
    numbers: values.filter((value) => typeof value === "number"),
    booleans: values.filter((value) => typeof value === "boolean"),
    items: values.some(Array.isArray) ? ANYTHING.items : null,
  };
}
