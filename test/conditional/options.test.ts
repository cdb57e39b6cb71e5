import { ConditionalRequestsLayer } from "argania/middleware";
import { expect, test } from "vitest";

// Of a type of its own: the list refers to it before that of the list is known.
const nothing = (): null => null;

test.each([
  [{ etag: "medium" }, 'The option etag of ConditionalRequestsLayer is "strong", "weak" or false'],
  [{ weak: true }, 'ConditionalRequestsLayer has no option "weak"'],
  [null, "takes an object of options, not null"],
  [{ validators: { etag: '"1"' } }, "validators of ConditionalRequestsLayer is a function, not"],
  [{ validators: nothing, etag: "strong" }, "has both etag and validators"],
  [{ required: true }, "needs validators"],
  [{ required: "PUT", validators: nothing }, "is true, false or a list of methods"],
  [{ required: ["put"], validators: nothing }, 'in upper case, such as "PUT", not "put"'],
  [{ required: ["GET"], validators: nothing }, 'methods that change something, in upper case, such as "PUT"'],
  [{ required: [1], validators: nothing }, "lists methods"],
])("%j is refused", (options, message) => {
  expect(() => new ConditionalRequestsLayer(options as never)).toThrow(message);
});
