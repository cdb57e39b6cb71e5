import { builtinModule } from "../../common/builtin-module.ts";
import { ConfigError } from "./config-error.ts";
import { type ConfigParser, describeParserFailure, loadYamlParser, parseJsonConfig } from "./parse-config.ts";

/** Parsers by the extension of the files that they read, without its dot. */
export type ConfigParsers = Readonly<Record<string, ConfigParser>>;

/** A file with what is in it. */
export interface ConfigFile {
  /** As errors name it. */
  readonly name: string;
  readonly value: unknown;
}

const LARGEST = 1_048_576;
const READABLE: readonly string[] = ["json", "yaml", "yml"];
/** Files of other tools, which may be meant for this one. What else is there, such as a certificate, is not looked at. */
const LOOK_ALIKES: readonly string[] = [
  ...["js", "mjs", "cjs", "ts", "mts", "cts"],
  ...["toml", "json5", "jsonc", "ini", "properties"],
];
/** They need no file of their own: a program may have only `default` and `production`. */
const USUAL_ENVIRONMENTS: readonly string[] = ["development", "production", "test"];

/**
 * Reads `default`, the file of the environment and `local` from a directory, those that there are, in this order.
 *
 * `local` is for one machine, and tests give the same everywhere: for `test` it is left out.
 */
export async function readConfigFiles(
  directory: string,
  isDirectoryWanted: boolean,
  environment: string,
  parsers: ConfigParsers,
): Promise<ConfigFile[]> {
  const names = await namesIn(directory, isDirectoryWanted);
  const stems = ["default", environment, ...(environment === "test" ? [] : ["local"])];
  const found = [...new Set(stems)].map((stem) => ({ stem, name: fileFor(stem, names, directory, parsers) }));
  const hasOwn = found.some(({ stem, name }) => stem === environment && name !== undefined);
  if (!hasOwn && names.length > 0 && !USUAL_ENVIRONMENTS.includes(environment)) {
    // A misspelled one would run with the defaults.
    throw failure(`${directory}/${environment}.*`, "there is no file for this environment.");
  }
  return Promise.all(
    found.flatMap(({ name }) => (name === undefined ? [] : [readConfigFile(directory, name, parsers)])),
  );
}

async function namesIn(directory: string, isWanted: boolean): Promise<string[]> {
  const files = builtinModule<typeof import("node:fs/promises")>("node:fs/promises");
  if (files === undefined) {
    throw failure(directory, "this runtime has no files: give loadConfig `defaults`, and `files: false`.");
  }
  try {
    return await files.readdir(directory);
  } catch (error) {
    const code = codeOf(error);
    if ((code === "ENOENT" || code === "ENOTDIR") && !isWanted) {
      return [];
    }
    throw failure(directory, `the directory cannot be read (${code}).`);
  }
}

function fileFor(
  stem: string,
  names: readonly string[],
  directory: string,
  parsers: ConfigParsers,
): string | undefined {
  const own = names.filter((name) => {
    const extension = extensionOf(name);
    const isConfig = isReadable(extension, parsers) || LOOK_ALIKES.includes(extension);
    return isConfig && name === `${stem}.${extension}`;
  });
  const [first, second] = own;
  if (first !== undefined && second !== undefined) {
    throw failure(`${directory}/${first}`, `there is ${second}, too: keep one of them.`);
  }
  if (first !== undefined && !isReadable(extensionOf(first), parsers)) {
    throw failure(
      `${directory}/${first}`,
      `files are read in json, yaml and yml, and in what \`parsers\` names: write parsers: { ${extensionOf(first)}: (text) => … }. What is computed goes into \`defaults\`.`,
    );
  }
  return first;
}

function isReadable(extension: string, parsers: ConfigParsers): boolean {
  return READABLE.includes(extension) || Object.hasOwn(parsers, extension);
}

async function readConfigFile(directory: string, file: string, parsers: ConfigParsers): Promise<ConfigFile> {
  const name = `${directory}/${file}`;
  const text = await textOf(name);
  try {
    const parse = await parserFor(extensionOf(file), parsers);
    return { name, value: await parse(text) };
  } catch (error) {
    throw failure(name, describeParserFailure(error));
  }
}

async function textOf(name: string): Promise<string> {
  const files = builtinModule<typeof import("node:fs/promises")>("node:fs/promises");
  let bytes: Uint8Array;
  try {
    bytes = (await files?.readFile(name)) as Uint8Array;
  } catch (error) {
    throw failure(name, `the file cannot be read (${codeOf(error)}).`);
  }
  if (bytes.length > LARGEST) {
    throw failure(name, "the file is larger than 1 MiB.");
  }
  try {
    // A byte order mark is skipped.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw failure(name, "the file is not valid UTF-8.");
  }
}

async function parserFor(extension: string, parsers: ConfigParsers): Promise<ConfigParser> {
  if (Object.hasOwn(parsers, extension)) {
    return parsers[extension] as ConfigParser;
  }
  return extension === "json" ? parseJsonConfig : loadYamlParser();
}

function extensionOf(file: string): string {
  return file.slice(file.lastIndexOf(".") + 1);
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code ?? "unknown");
}

function failure(source: string, message: string): ConfigError {
  return new ConfigError([{ path: "", source, message }]);
}
