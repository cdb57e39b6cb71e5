import { appendField, type Fields } from "../append-field.ts";
import { FormPart } from "./form-part.ts";
import { formError } from "./multipart-form-error.ts";

/** What a part is in memory. */
export type FieldValue = string | File;

/** A form by name; a name that occurs several times has an array. */
export type FieldsOf<Name extends string = string> = Readonly<
  Partial<Record<Name, FieldValue | readonly FieldValue[]>>
>;

/** Reads all parts into memory. */
export async function fieldsOf<Name extends string>(
  parts: AsyncIterable<FormPart<Name>>,
): Promise<FieldsOf<Name>> {
  const fields: Fields<FieldValue> = Object.create(null);
  for await (const part of parts) {
    const { name } = part;
    // Harmless here, but not in the next object that something merges this one into.
    if (String(name) === "__proto__") {
      throw formError("malformed", 'The form has a part with the name "__proto__".');
    }
    appendField(fields, name, await fieldValue(part));
  }
  return fields as FieldsOf<Name>;
}

function fieldValue(part: FormPart): Promise<FieldValue> {
  return part.fileName === undefined ? part.text() : FormPart.toFile(part, part.fileName);
}
