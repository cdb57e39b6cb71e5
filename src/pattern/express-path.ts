import { type Key, parse, type Text, type Token } from "path-to-regexp";
import { decodeSegment } from "../common/percent.ts";
import { assertText } from "./assert-text.ts";
import { suggestForExpress4 } from "./express-4.ts";
import { ExpressPathError } from "./express-path-error.ts";
import { parseResourcePattern, type ResourcePattern } from "./resource-pattern.ts";

/**
 * Turns a path of Express 5 into a pattern.
 *
 * A wildcard at the end becomes a subtree handler, an optional slash at the end a lenient resource. Unlike
 * Express by default, patterns are case-sensitive. Paths of Express 4 and optional parts have no equal:
 * throws an {@link ExpressPathError} (`ARGANIA_EXPRESS_PATH`) that says which patterns to write instead.
 *
 * @example
 * ```ts
 * fromExpressPath("/flights/:from-:to"); // "/flights/{from:[^-]+}-{to}"
 * fromExpressPath("/files/*path"); // "/files *", with the path in context.subtreeSegments
 * ```
 */
export function fromExpressPath(path: string): string {
  assertText(path, "A path of Express", 'fromExpressPath("/users/:id")');
  if (!path.startsWith("/")) {
    const rewritten = suggestForExpress4(path) ?? `Write "/${path}".`;
    throw new ExpressPathError(path, "it does not begin with a slash", rewritten);
  }
  const { tokens, symbols } = splitEnding(parseTokens(path));
  const variants = expandGroups(tokens).map((keys) => `${translate(path, keys)}${symbols}`);
  const [pattern = path] = variants;
  if (variants.length > 1) {
    const list = variants.reverse().map((variant) => `"${variant}"`);
    throw new ExpressPathError(
      path,
      "a pattern has no optional parts",
      `Define resources for ${list.join(" and ")}.`,
    );
  }
  checkPattern(path, pattern, symbols === " *");
  return pattern;
}

type FlatToken = Text | Key;

function parseTokens(path: string): readonly Token[] {
  try {
    return parse(path).tokens;
  } catch (error) {
    const hint = suggestForExpress4(path) ?? "Escape the character with a backslash if it stands for itself.";
    // The rest of the message repeats the path and names a page about path-to-regexp.
    const [reason = ""] = (error as Error).message.split(": ");
    throw new ExpressPathError(path, `it is not a path of Express 5 (${reason.toLowerCase()})`, hint, {
      cause: error,
    });
  }
}

/** Takes off the ends that configuration symbols stand for: `*path`, `{*path}`, `{/*path}` and `{/}`. */
function splitEnding(tokens: readonly Token[]): {
  readonly tokens: readonly Token[];
  readonly symbols: string;
} {
  const last = tokens.at(-1);
  const ending = last?.type === "group" ? last.tokens : last === undefined ? [] : [last];
  const before = tokens.slice(0, -1);
  const [first] = ending;
  if (ending.length === 1 && first?.type === "text" && first.value === "/" && last?.type === "group") {
    return { tokens: before, symbols: " ?" };
  }
  const isSlash = ending.length === 2 && first?.type === "text" && first.value === "/";
  const previous = before.at(-1);
  if (ending.at(-1)?.type === "wildcard" && (isSlash || (ending.length === 1 && endsWithSlash(previous)))) {
    return {
      tokens: isSlash ? before : [...before.slice(0, -1), withoutSlash(previous as Text)],
      symbols: " *",
    };
  }
  return { tokens, symbols: "" };
}

function endsWithSlash(token: Token | undefined): boolean {
  return token?.type === "text" && token.value.endsWith("/");
}

function withoutSlash({ value }: Text): Text {
  return { type: "text", value: value.slice(0, -1) };
}

/** Every path that the groups allow, the one with all of them first. */
function expandGroups(tokens: readonly Token[]): FlatToken[][] {
  return tokens.reduce<FlatToken[][]>(
    (paths, token) => {
      const endings = token.type === "group" ? [...expandGroups(token.tokens), []] : [[token]];
      return endings.flatMap((ending) => paths.map((path) => [...path, ...ending]));
    },
    [[]],
  );
}

function translate(path: string, tokens: readonly FlatToken[]): string {
  const pattern = splitSegments(tokens)
    .map((segment) =>
      segment.map((token, index) => translateToken(path, token, segment.slice(index + 1))).join(""),
    )
    .join("/");
  return pattern === "" ? "/" : pattern;
}

function splitSegments(tokens: readonly FlatToken[]): FlatToken[][] {
  let segment: FlatToken[] = [];
  const segments = [segment];
  for (const token of tokens) {
    if (token.type !== "text") {
      segment.push(token);
      continue;
    }
    for (const [index, value] of token.value.split("/").entries()) {
      if (index > 0) {
        segment = [];
        segments.push(segment);
      }
      const previous = segment.at(-1);
      if (previous?.type === "text") {
        segment[segment.length - 1] = { type: "text", value: previous.value + value };
      } else if (value !== "") {
        segment.push({ type: "text", value });
      }
    }
  }
  return segments;
}

function translateToken(path: string, token: FlatToken, behind: readonly FlatToken[]): string {
  if (token.type === "text") {
    return patternText(token.value).replace(/[{}]/g, "$&$&");
  }
  if (token.type === "wildcard") {
    const hint =
      'Write one capture for each segment, as in "/{a}/{b}", or a subtree handler, as in "/files *".';
    throw new ExpressPathError(path, `the wildcard "*${token.name}" is not the last segment`, hint);
  }
  if (!/^[A-Za-z_$][\w$]*$/.test(token.name)) {
    const hint = 'Names have letters, digits, "_" and "$" and do not begin with a digit.';
    throw new ExpressPathError(path, `"${token.name}" is not a name for a capture`, hint);
  }
  const regex = regexBefore(behind);
  return regex === "" ? `{${token.name}}` : `{${token.name}:${regex}}`;
}

/**
 * Express gives a param the shortest value that the text behind it can follow: one that does not hold that
 * text.
 */
function regexBefore([next, ...rest]: readonly FlatToken[]): string {
  if (next?.type !== "text") {
    return "";
  }
  if (rest.length === 0) {
    return ".+";
  }
  const text = patternText(next.value);
  if (text === ".") {
    return "";
  }
  const isOneCharacter = [...text].length === 1;
  return isOneCharacter
    ? `[^${text.replace(/[\\\]^]/, "\\$&")}]+`
    : `(?:(?!${text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}).)+`;
}

/**
 * Express compares texts with the encoded path, patterns with the decoded one, where only a slash stays
 * encoded.
 */
function patternText(text: string): string {
  return (decodeSegment(text) ?? text).replaceAll("/", "%2F");
}

function checkPattern(path: string, pattern: string, isSubtreeHandler: boolean): void {
  if (parsePattern(path, pattern).isSubtreeHandler !== isSubtreeHandler) {
    const hint = 'Write the text as a regex, as in "/{name:a \\*}".';
    throw new ExpressPathError(path, "its last text would be read as configuration symbols", hint);
  }
}

function parsePattern(path: string, pattern: string): ResourcePattern {
  try {
    return parseResourcePattern(pattern);
  } catch (error) {
    throw new ExpressPathError(path, `"${pattern}" is malformed`, (error as Error).message, { cause: error });
  }
}
