/** What stands in the place of a method that a request also has as an extractor. */
const EXTRACTORS: Readonly<Record<string, string>> = {
  cookies: ", or take the extractor: [cookies]",
  header: ', or take the extractor: [header("…")]',
};

/**
 * Throws the `TypeError` for a method that was taken out of its context, `({ cookies }) => cookies()`. What V8 says by itself
 * names a private field. To bind each method would cost every request that calls one.
 */
export function detached(method: string): never {
  throw new TypeError(
    `${method}() was called without its context, as it is after ({ ${method} }) => …: write (context) => context.${method}(…)${EXTRACTORS[method] ?? ""}.`,
  );
}
