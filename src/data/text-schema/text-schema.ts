import { DevelopmentWarning } from "../../common/development-warning.ts";
import type { StandardSchema } from "../standard-schema.ts";
import { asTheyAre, type ConvertValues, conversionOf, type Values } from "./convert-values.ts";
import { jsonSchemaInput, saysInput } from "./json-schema-input.ts";
import { JsonSchemaReader } from "./json-schema-reader.ts";

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

/** Where the library cannot say what the schema takes, it throws, and texts stay texts. */
function preparedFor(schema: StandardSchema): ConvertValues {
  try {
    const shape = new JsonSchemaReader(jsonSchemaInput(schema)).shape();
    return shape === null ? asTheyAre : conversionOf(shape);
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
