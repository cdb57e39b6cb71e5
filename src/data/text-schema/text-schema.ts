import { DevelopmentWarning } from "../../common/development-warning.ts";
import type { StandardSchema } from "../standard-schema.ts";
import { type Convert, conversionFor } from "./convert-place.ts";
import { jsonSchemaInput, saysInput } from "./json-schema-input.ts";
import { JsonSchemaReader } from "./json-schema-reader.ts";

type Values = Readonly<Record<string, unknown>>;
type ConvertValues = (values: Values) => Values;

/** A schema that gets its texts converted where it takes no text, but what the text stands for. */
export class TextSchema implements StandardSchema {
  /** The schema that gets the texts as they are. */
  readonly inner: StandardSchema;
  readonly "~standard": StandardSchema["~standard"];

  private constructor(inner: StandardSchema) {
    this.inner = inner;
    let convert: ConvertValues | undefined;
    const validate = (value: unknown) => {
      // Not at definition: a `z.lazy()` that is asked before what it refers to is there stays broken for good.
      convert ??= preparedFor(inner);
      return inner["~standard"].validate(convert(value as Values));
    };
    this["~standard"] = { version: 1, vendor: inner["~standard"].vendor, validate };
  }

  /** The schema itself where it does not say what it takes. */
  static of(schema: StandardSchema): StandardSchema {
    return saysInput(schema) ? new TextSchema(schema) : schema;
  }
}

const undescribed: DevelopmentWarning = /* @__PURE__ */ new DevelopmentWarning("ARGANIA_UNDESCRIBED_SCHEMA");

const asTheyAre: ConvertValues = (values) => values;

/** Where the library cannot say what the schema takes, it throws, and texts stay texts. */
function preparedFor(schema: StandardSchema): ConvertValues {
  try {
    return conversionOf(jsonSchemaInput(schema));
  } catch (error) {
    const { vendor } = schema["~standard"];
    const reason = error instanceof Error ? error.message : String(error);
    undescribed.warn(
      `${vendor} ${reason}`,
      `A schema of ${vendor} cannot say what it takes (${reason}), and so gets the texts of a query, a form or a path as they are: where it takes a number, 2 is refused. Let it take texts and convert them itself, or leave out what cannot be described.`,
    );
    return asTheyAre;
  }
}

function conversionOf(jsonSchema: unknown): ConvertValues {
  const shape = new JsonSchemaReader(jsonSchema).shape();
  if (shape === null) {
    return asTheyAre;
  }
  const named = [...shape.named].map(([name, place]) => [name, conversionFor(place)] as const);
  const conversions = named.filter((each): each is [string, Convert] => each[1] !== null);
  const forOthers = shape.others === null ? null : conversionFor(shape.others);
  if (forOthers !== null) {
    return allConversion(new Map(named), forOthers);
  }
  return conversions.length === 0 ? asTheyAre : namedConversion(conversions);
}

function namedConversion(conversions: readonly (readonly [string, Convert])[]): ConvertValues {
  return (values) => {
    let copy: Record<string, unknown> | undefined;
    for (const [name, convert] of conversions) {
      if (Object.hasOwn(values, name)) {
        const value = values[name];
        const converted = convert(value as Values);
        if (converted !== value) {
          copy ??= copyOf(values);
          copy[name] = converted;
        }
      }
    }
    return copy ?? values;
  };
}

/** For records, whose names are the client's. */
function allConversion(named: ReadonlyMap<string, Convert | null>, forOthers: Convert): ConvertValues {
  return (values) => {
    const copy = copyOf(values);
    for (const name of Object.keys(copy)) {
      const convert = named.has(name) ? named.get(name) : forOthers;
      copy[name] = convert == null ? copy[name] : convert(copy[name]);
    }
    return copy;
  };
}

/**
 * Values may be the request's own. What the copy inherits from has nothing, so that `__proto__` is a name like any other; engines are
 * slow with objects that inherit from null.
 */
function copyOf(values: Values): Record<string, unknown> {
  const copy = Object.create(EMPTY) as Record<string, unknown>;
  for (const name of Object.keys(values)) {
    copy[name] = values[name];
  }
  return copy;
}

const EMPTY: object = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ Object.create(null));
