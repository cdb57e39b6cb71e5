import { _post, type CodeGenerationError, DefinitionError, jsonBody, Resource } from "argania";
import * as v from "valibot";
import { fastestValidator } from "../../src/data/validation/index.ts";

/** Runs with `--disallow-code-generation-from-strings`, as a Worker does. */
function refusal(make: () => unknown): CodeGenerationError | undefined {
  try {
    make();
  } catch (thrown) {
    return thrown as CodeGenerationError;
  }
  return undefined;
}
const error = refusal(() => jsonBody({ a: "number" }));
const resource = new Resource("/").setHandlerFor(
  _post.to([jsonBody(v.object({ a: v.number() }))], (value) => value),
);
const response = await resource.intoService().request("/", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: '{"a":1}',
});
console.log(
  JSON.stringify({
    code: error?.code,
    isOurs: error instanceof DefinitionError,
    message: error?.message,
    wrapped: refusal(() => fastestValidator({ a: "number" }))?.code,
    cause: (error?.cause as Error | undefined)?.name,
    answer: await response.json(),
  }),
);
