import { ConfigError, type ConfigIssue } from "./config-error.ts";
import {
  type ConfigObject,
  type ConfigTree,
  isPlainObject,
  isPoisonous,
  POISONOUS_NAME,
} from "./config-tree.ts";
import type { EnvironmentVariables } from "./environment.ts";
import { parseJsonConfig } from "./parse-config.ts";

/** Stands between the prefix and the names: one underscore is part of a name. */
const SEPARATOR = "__";
/** Texts are those of variables. */
const SWITCHES: ReadonlySet<unknown> = new Set([true, false, "true", "false"]);
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Puts variables over a configuration: those that are named, then those with the prefix, `SHOP__DATABASE__MAX_SIZE` for
 * `database.maxSize`.
 *
 * A variable is a text. It becomes what the value is that it replaces: a number, `true` or `false`, an array or object
 * in JSON. Where it replaces nothing it stays a text, also if it looks like a number: passwords do.
 *
 * Returns what is wrong with variables, which then set nothing: one must not hide the others, nor what else is wrong.
 */
export function addVariables(
  tree: ConfigTree,
  variables: EnvironmentVariables,
  prefix: string,
  named: Readonly<Record<string, string>>,
): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  const add = (name: string, parts: readonly string[]): void => {
    try {
      addVariable(tree, name, variables[name], parts);
    } catch (error) {
      if (!(error instanceof ConfigError)) {
        throw error;
      }
      issues.push(...error.issues);
    }
  };
  for (const [name, path] of Object.entries(named)) {
    add(name, path.split("."));
  }
  const start = `${prefix}${SEPARATOR}`;
  for (const name of Object.keys(variables).sort()) {
    if (name.startsWith(start)) {
      add(name, name.slice(start.length).split(SEPARATOR));
    }
  }
  return issues;
}

function addVariable(
  tree: ConfigTree,
  variable: string,
  text: string | undefined,
  parts: readonly string[],
): void {
  if (text === undefined) {
    return;
  }
  const path: string[] = [];
  let at: unknown = tree.value;
  for (const part of parts) {
    at = asOptions(tree, path, at);
    if (part === "" || (at !== undefined && at !== null && !isPlainObject(at))) {
      const message =
        part === "" ? "the variable's name has an empty part." : "this is no object: set all of it.";
      throw failure(path, variable, message);
    }
    const name = nameFor(part, at ?? {});
    path.push(name);
    if (isPoisonous(name)) {
      // Before anything of it is in the tree.
      throw failure(path, variable, POISONOUS_NAME);
    }
    at = isPlainObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  }
  const value = converted(text, at, (message) => failure(path, variable, message));
  tree.add(
    path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value),
    variable,
  );
}

/** A layer that is only switched on or off, as options: `true` and `{ enable: true }` are the same. */
function asOptions(tree: ConfigTree, path: readonly string[], value: unknown): unknown {
  const [section, part, name, ...deeper] = path;
  const isLayer = section === "server" && part === "middlewares" && name !== undefined && deeper.length === 0;
  if (!isLayer || !SWITCHES.has(value)) {
    return value;
  }
  const options = { enable: value };
  tree.add({ server: { middlewares: { [name]: options } } }, tree.sourceOf(path.join(".")) ?? "defaults");
  return options;
}

/** The name that is there, however it is spelled; else the part in camel case. */
function nameFor(part: string, at: ConfigObject): string {
  if (Object.hasOwn(at, part)) {
    return part;
  }
  const plain = plainName(part);
  const there = Object.keys(at).filter((name) => plainName(name) === plain);
  return there.length === 1 ? (there[0] as string) : camelCase(part);
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, "");
}

function camelCase(part: string): string {
  // Written in small letters, it is meant as it is.
  return part !== part.toUpperCase()
    ? part
    : part.toLowerCase().replace(/_+([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
}

function converted(text: string, old: unknown, fail: (message: string) => ConfigError): unknown {
  switch (typeof old) {
    case "number":
      if (!NUMBER.test(text)) {
        throw fail("this must be a number, since it replaces one.");
      }
      return Number(text);
    case "boolean":
      if (text !== "true" && text !== "false") {
        throw fail("this must be true or false, since it replaces one of them.");
      }
      return text === "true";
    case "object":
      return old === null ? text : structured(text, Array.isArray(old), fail);
    default:
      return text;
  }
}

function structured(text: string, isArray: boolean, fail: (message: string) => ConfigError): unknown {
  let value: unknown;
  try {
    value = parseJsonConfig(text);
  } catch (error) {
    const form = isArray ? '["one", "two"]' : '{ "name": "value" }';
    const kind = isArray ? "array" : "object";
    throw fail(`the variable ${(error as Error).message} It replaces an ${kind}: write ${form}.`);
  }
  if (Array.isArray(value) !== isArray || typeof value !== "object" || value === null) {
    throw fail(`this must be JSON of an ${isArray ? "array" : "object"}, since it replaces one.`);
  }
  return value;
}

function failure(path: readonly string[], source: string, message: string): ConfigError {
  return new ConfigError([{ path: path.join("."), source, message }]);
}
