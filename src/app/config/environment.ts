/** Variables of the environment, such as `process.env`. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** Those of the process; none where there is no process. */
export function processVariables(): EnvironmentVariables {
  const { process } = globalThis as { readonly process?: { readonly env?: EnvironmentVariables } };
  return process?.env ?? {};
}

/** It becomes part of a file's name. */
const NAME = /^[A-Za-z\d][\w-]{0,63}$/;

/**
 * The environment that a program runs in: `ARGANIA_ENV`, else `NODE_ENV`, else `"development"`.
 *
 * Throws a `TypeError` for what cannot be part of a file's name.
 *
 * @example
 * ```ts
 * const isProduction = currentEnvironment() === "production";
 * ```
 * Source: Loco, `LOCO_ENV`.
 */
export function currentEnvironment(variables: EnvironmentVariables = processVariables()): string {
  // An empty variable is one that somebody meant to unset.
  return assertEnvironment(variables.ARGANIA_ENV || variables.NODE_ENV || "development");
}

export function assertEnvironment(name: unknown): string {
  if (typeof name !== "string" || !NAME.test(name)) {
    throw new TypeError(
      `An environment is named with letters, digits, "_" and "-", as "production" is, not ${JSON.stringify(name)}.`,
    );
  }
  return name;
}
