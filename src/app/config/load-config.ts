import { assertOptions } from "../../common/assert-options.ts";
import type { InferRules } from "../../data/infer-rules.ts";
import type { Rules } from "../../data/rule-types.ts";
import { schemaFrom } from "../../data/schema-from.ts";
import { type Issue, type StandardSchema, validate } from "../../data/standard-schema.ts";
import type { Report } from "./check-section.ts";
import { checkServerConfig } from "./check-server-config.ts";
import { ConfigError, type ConfigIssue } from "./config-error.ts";
import { type ConfigParsers, readConfigFiles } from "./config-files.ts";
import { type ConfigObject, ConfigTree, freezeDeep, isPlainObject } from "./config-tree.ts";
import { addVariables } from "./config-variables.ts";
import {
  assertEnvironment,
  currentEnvironment,
  type EnvironmentVariables,
  processVariables,
} from "./environment.ts";
import { hideValues, valueAt } from "./hide-values.ts";
import type { ServerConfig } from "./server-config.ts";

/** What a schema makes of a configuration, and the section `server`, which is Argania's. */
export type AppConfig<Own = object> = Own & { readonly server: ServerConfig };

/** Where a configuration is looked for. Later ones win: `defaults`, files, named variables, those with the prefix, `overrides`. */
export interface ConfigSources {
  /** Where the files are, from the working directory. Default `"config"`, which may be missing. */
  readonly dir?: string;
  /** `false` reads no files. */
  readonly files?: boolean;
  /** Default {@link currentEnvironment}. */
  readonly environment?: string;
  /** Beneath the files; also for what is computed. */
  readonly defaults?: object;
  /** Over everything, for tests. */
  readonly overrides?: object;
  /** What variables begin with. Default `"ARGANIA"`: `ARGANIA__SERVER__PORT` is `server.port`. */
  readonly envPrefix?: string;
  /** Variables with names of their own: `{ PORT: "server.port", DATABASE_URL: "database.url" }`. */
  readonly envNames?: Readonly<Record<string, string>>;
  /** Instead of `process.env`. */
  readonly env?: EnvironmentVariables;
  /** For files of other formats, by extension: `{ toml: parse }`. JSON and YAML need none. */
  readonly parsers?: ConfigParsers;
}

const NAMES = [
  "schema",
  "dir",
  "files",
  "environment",
  "defaults",
  "overrides",
  "envPrefix",
  "envNames",
  "env",
  "parsers",
];
const PREFIX = /^[A-Za-z][A-Za-z\d_]*[A-Za-z\d]$/;

/**
 * Reads a configuration: `config/default.yaml`, then `config/<environment>.yaml`, then `config/local.yaml` (not for
 * `test`), each over the one before it, then environment variables; checks it, and freezes it.
 *
 * - Files are JSON, or YAML with the package `yaml` (2.x). All of them may be missing.
 * - Objects are merged, everything else is replaced.
 * - `SHOP__DATABASE__MAX_SIZE=9`, with the `envPrefix` `"SHOP"`, is `database.maxSize`. A variable becomes a number, a
 *   boolean, or JSON, if the value is one that it replaces; else it is a text, which rules convert, and
 *   `z.coerce.number()`.
 * - The section `server` is Argania's own ({@link ServerConfig}); the schema gets everything else.
 * - `process.env` is read only, and nothing in a file is run.
 *
 * Rejects with a `ConfigError` (`ARGANIA_CONFIG`) with everything that is wrong, where it comes from, and without the
 * values; a file that cannot be read is reported alone, since without it nothing else is known. Throws a `TypeError` for options that do not exist.
 *
 * @example
 * ```ts
 * const config = await loadConfig({
 *   schema: z.object({ database: z.object({ url: z.string() }) }),
 *   envPrefix: "SHOP",
 *   envNames: { PORT: "server.port" },
 * });
 * config.database.url;
 * ```
 * Source: Loco, `config/*.yaml`.
 */
export async function loadConfig<Output extends object>(
  options: ConfigSources & { readonly schema: StandardSchema<unknown, Output> },
): Promise<AppConfig<Output>>;
/** With rules of fastest-validator, after `import "argania/fastest-validator"`. */
export async function loadConfig<const R extends Rules>(
  options: ConfigSources & { readonly schema: R },
): Promise<AppConfig<InferRules<R>>>;
/** Without a schema: all values are unknown. */
export async function loadConfig(
  // With one, too, since compilers tell what is wrong with a call by the last of its forms.
  options?: ConfigSources & { readonly schema?: StandardSchema<unknown, object> | Rules },
): Promise<AppConfig<Readonly<Record<string, unknown>>>>;
export async function loadConfig(
  options: ConfigSources & { readonly schema?: unknown } = {},
): Promise<AppConfig> {
  assertOptions("loadConfig", options, NAMES);
  const schema =
    "schema" in options
      ? schemaFrom<ConfigObject>(options.schema, "loadConfig", "text", "schema")
      : undefined;
  const issues: ConfigIssue[] = [];
  const tree = await readSources(options, issues);
  const { server, ...own } = tree.value;
  const report: Report = (path, message) => {
    const source = tree.sourceOf(path);
    issues.push({
      path,
      message: source === null ? `${message}${variableFor(path, options.envNames)}` : message,
      source,
    });
  };
  const checkedServer = checkServerConfig(server, report);
  const checked =
    schema === undefined
      ? own
      : await check(schema, own, (path, message) => report(path, hideValues(message, valueAt(own, path))));
  if (issues.length > 0) {
    throw new ConfigError(issues);
  }
  return freezeDeep({ ...checked, server: checkedServer });
}

/** The variable that would set what nothing has set, or something in it. */
function variableFor(path: string, envNames: ConfigSources["envNames"] = {}): string {
  const found = Object.entries(envNames).find(([, at]) => at === path || at.startsWith(`${path}.`));
  return found === undefined || path === "" ? "" : ` (the variable ${found[0]} sets ${found[1]})`;
}

async function readSources(options: ConfigSources, issues: ConfigIssue[]): Promise<ConfigTree> {
  const { env = processVariables(), envPrefix = "ARGANIA", dir, files = true } = options;
  if (typeof envPrefix !== "string" || !PREFIX.test(envPrefix)) {
    throw new TypeError('envPrefix of loadConfig is what variables begin with, such as "SHOP".');
  }
  const environment =
    options.environment === undefined ? currentEnvironment(env) : assertEnvironment(options.environment);
  const tree = new ConfigTree();
  tree.add(options.defaults ?? {}, "defaults");
  if (files) {
    const isWanted = dir !== undefined;
    for (const { name, value } of await readConfigFiles(
      dir ?? "config",
      isWanted,
      environment,
      options.parsers ?? {},
    )) {
      tree.add(value, name);
    }
  }
  issues.push(...addVariables(tree, env, envPrefix, options.envNames ?? {}));
  tree.add(options.overrides ?? {}, "overrides");
  return tree;
}

class Refused extends Error {}

async function check(
  schema: StandardSchema<unknown, ConfigObject>,
  value: ConfigObject,
  report: Report,
): Promise<ConfigObject> {
  const fail = (list: readonly Issue[]): Error => {
    for (const { path, message } of list) {
      report(path, message);
    }
    return new Refused();
  };
  try {
    const checked: unknown = await validate<ConfigObject>(schema, value, fail);
    if (!isPlainObject(checked) || Object.hasOwn(checked, "server")) {
      throw new TypeError(
        "The schema of loadConfig makes an object of an object, without the name server, which is Argania's.",
      );
    }
    return checked;
  } catch (error) {
    if (error instanceof Refused) {
      return {};
    }
    throw error;
  }
}
