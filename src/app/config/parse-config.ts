import { findJsonError } from "../../data/json-syntax.ts";
import { parseSafely } from "../../data/safe-json.ts";

/** Makes a value of a file's text. It throws for a text that is none. */
export type ConfigParser = (text: string) => unknown;

/** Why a text cannot be read, in words that repeat nothing of it: it may be a secret. */
export class ConfigSyntaxError extends Error {}

/** RFC 8259. What engines say of malformed JSON quotes the text. */
export function parseJsonConfig(text: string): unknown {
  const parsed = parseSafely(text);
  if (parsed === "malformed") {
    throw new ConfigSyntaxError(`is not valid JSON (${placeIn(text, Math.max(findJsonError(text), 0))}).`);
  }
  if (parsed === "poisoned") {
    throw new ConfigSyntaxError('has the name "__proto__", or "prototype" inside "constructor".');
  }
  return parsed.value;
}

/** YAML 1.2, with the `<<` of YAML 1.1, read by the package `yaml`, which is loaded only when there is such a file. */
export async function loadYamlParser(): Promise<ConfigParser> {
  const { parseDocument } = await import("yaml").catch(() => {
    throw new ConfigSyntaxError("is YAML, which the package yaml reads: npm install yaml@2.");
  });
  return (text) => {
    const document = parseDocument(text, { merge: true, prettyErrors: false, logLevel: "error" });
    // A tag that nobody knows is only a warning, and its value a text.
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) {
      const reason = problem.code.toLowerCase().replaceAll("_", " ");
      throw new ConfigSyntaxError(`is not valid YAML (${placeIn(text, problem.pos[0])}: ${reason}).`);
    }
    try {
      return (document.toJS({ maxAliasCount: 100 }) as unknown) ?? {};
    } catch {
      throw new ConfigSyntaxError("has an alias (*name) without its anchor, or too many of them.");
    }
  };
}

/** What a parser of the user's says may quote the text; only where it stopped is sure not to. */
export function describeParserFailure(error: unknown): string {
  if (error instanceof ConfigSyntaxError) {
    return error.message;
  }
  const { line, column } = (error ?? {}) as { line?: unknown; column?: unknown };
  return typeof line === "number"
    ? `cannot be parsed (line ${line}${typeof column === "number" ? `, column ${column}` : ""}).`
    : "cannot be parsed.";
}

function placeIn(text: string, index: number): string {
  const before = text.slice(0, index).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
