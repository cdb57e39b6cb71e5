import { _post, type Extractor, type InferRules, Resource, type StandardSchema } from "argania";
import {
  type FieldsOf,
  type FormPart,
  type MultipartForm,
  type MultipartOptions,
  multipartBody,
  multipartFields,
} from "argania/multipart";
import { assertType, type Equal } from "./expect-type.ts";

// As it is, and with options that name no parts, any part can come.
const anyParts = multipartBody({ bodyLimit: 1_000 });
assertType<Equal<typeof anyParts, Extractor<MultipartForm, object>>>();
assertType<Equal<ReturnType<typeof multipartBody>, Extractor<MultipartForm, object>>>();

// The names of the parts are those that are allowed.
const named = multipartBody({ parts: { title: { required: true }, photo: { types: ["image/png"] } } });
assertType<Equal<typeof named, Extractor<MultipartForm<"title" | "photo">, object>>>();
const listed = multipartBody({ parts: ["title", "photo"], partCount: 2 });
assertType<Equal<typeof listed, Extractor<MultipartForm<"title" | "photo">, object>>>();

// Unless others are allowed, too, or the options are not known to the compiler.
const open = multipartBody({ parts: ["title"], otherParts: true });
assertType<Equal<typeof open, Extractor<MultipartForm, object>>>();
declare const options: MultipartOptions;
const unknownOptions = multipartBody(options);
assertType<Equal<typeof unknownOptions, Extractor<MultipartForm, object>>>();

new Resource("/").setHandlerFor(
  _post.to([named, multipartBody], async (form, other) => {
    for await (const part of form) {
      assertType<Equal<typeof part, FormPart<"title" | "photo">>>();
      // @ts-expect-error: there is no such part.
      part.name === "foto";
      const chunks: AsyncIterable<Uint8Array> = part;
      const bytes = await part.bytes();
      assertType<Equal<typeof bytes, Uint8Array>>();
      const value = await part.json();
      assertType<Equal<typeof value, unknown>>();
      const length = await part.saveTo(new URL("file:///x"), { overwrite: true });
      assertType<Equal<typeof length, number>>();
      assertType<Equal<typeof part.fileName, string | undefined>>();
      return new Response(part.stream()).ok ? chunks : null;
    }
    const fields = await form.toObject();
    assertType<Equal<typeof fields, FieldsOf<"title" | "photo">>>();
    // @ts-expect-error: there is no such part.
    fields.foto;
    for await (const { name } of other) {
      assertType<Equal<typeof name, string>>();
    }
    return null;
  }),
);

// @ts-expect-error: a misspelled option.
multipartBody({ bodylimit: 1 });
// @ts-expect-error: a misspelled option of a part.
multipartBody({ parts: { title: { require: true } } });

interface Profile {
  readonly name: string;
  readonly photo: File;
}
declare const schema: StandardSchema<unknown, Profile>;
const profile = multipartFields(schema, { parts: ["name", "photo"] });
assertType<Equal<typeof profile, Extractor<Profile, object>>>();
const limited = multipartFields.withOptions({ bodyLimit: 1 })(schema);
assertType<Equal<typeof limited, Extractor<Profile, object>>>();
const rules = multipartFields({ age: "number", name: { type: "string", optional: true } });
assertType<
  Equal<
    typeof rules,
    Extractor<
      InferRules<{
        readonly age: "number";
        readonly name: { readonly type: "string"; readonly optional: true };
      }>,
      object
    >
  >
>();
const plain = multipartFields();
assertType<Equal<typeof plain, Extractor<FieldsOf, object>>>();
