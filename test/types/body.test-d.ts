import {
  _post,
  type Attempt,
  attempt,
  type BodyExtractor,
  bodyLimit,
  type Extractor,
  header,
  jsonBody,
  Resource,
  type StandardSchema,
} from "argania";
import { assertType, type Equal } from "./expect-type.ts";

interface Login {
  readonly name: string;
}
declare const schema: StandardSchema<{ name: unknown }, Login>;
declare const anyInput: StandardSchema<unknown, Login>;

// Without a schema it is unknown, so that nobody relies on what was not checked.
assertType<Equal<typeof jsonBody, BodyExtractor<unknown>>>();
const plain = jsonBody();
assertType<Equal<typeof plain, Extractor<unknown, object>>>();

// With one it is the schema's output, however the limit is given.
const typed = [
  jsonBody(anyInput),
  jsonBody(anyInput, { limit: 10 }),
  jsonBody.withLimit(10)(anyInput),
] as const;
assertType<Equal<(typeof typed)[number], Extractor<Login, object>>>();

const logins = new Resource("/{tenant}");
logins.setHandlerFor(
  _post.to([header("x-a"), jsonBody(anyInput), jsonBody], (a, login, rest, context) => {
    assertType<Equal<typeof a, string>>();
    assertType<Equal<typeof login, Login>>();
    assertType<Equal<typeof rest, unknown>>();
    return context.params.tenant + login.name;
  }),
);
logins.setHandlerFor(
  _post
    .to([attempt(jsonBody(anyInput))], (login) => {
      assertType<Equal<typeof login, Attempt<Login>>>();
      return null;
    })
    .withProperty(bodyLimit.to(10)),
);
logins.setProperty(bodyLimit.to(10));

// @ts-expect-error A schema that is undefined must not mean "unchecked".
jsonBody(undefined);
// @ts-expect-error
jsonBody({ limit: 10 });
// @ts-expect-error
jsonBody(anyInput, { limt: 10 });
// @ts-expect-error
jsonBody(anyInput, { limit: "1mb" });
// @ts-expect-error
jsonBody.withLimit("1mb");
// @ts-expect-error
bodyLimit.to("1mb");
// @ts-expect-error A property of the value that the schema does not give.
_post.to([jsonBody(anyInput)], (login) => login.age);

export { schema };
