import { type Key, parse, type Text, type Token } from "path-to-regexp";
import { decodeSegment } from "../common/percent.ts";
import { assertText } from "./assert-text.ts";
import { suggestForExpress4 } from "./express-4.ts";
import { ExpressPathError } from "./express-path-error.ts";
import { parseResourcePattern } from "./resource-pattern.ts";

/**
 * Turns a path of Express 5 into a pattern.
 *
 * A wildcard at the end becomes a subtree handler, an optional slash at the end a lenient resource. Unlike
 * Express by default, patterns are case-sensitive. Text that would be read as symbols becomes a regex: `/a\\*` is
 * `/a{text:\*}`. Paths of Express 4 and optional parts have no equal: throws an {@link ExpressPathError} (`ARGANIA_EXPRESS_PATH`) that says which patterns to write instead.
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
  checkPattern(path, pattern);
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
  const names = new Set(tokens.map((token) => (token.type === "text" ? "" : token.name)));
  const pattern = splitSegments(tokens)
    .map((segment) =>
      withoutAttachedSymbols(
        segment
          .map((token, index) =>
            translateToken(path, token, segment.slice(0, index), segment.slice(index + 1)),
          )
          .join(""),
        names,
      ),
    )
    .join("/");
  return pattern === "" ? "/" : pattern;
}

/** What ends with a star, or with symbols after a space, would be read as configuration, or refused as one of its typos. */
function withoutAttachedSymbols(segment: string, names: Set<string>): string {
  const found = /\*+$|(?<= )[!*]+$/.exec(segment);
  if (found === null) {
    return segment;
  }
  let name = "text";
  for (let count = 2; names.has(name); count++) {
    name = `text${count}`;
  }
  names.add(name);
  return `${segment.slice(0, found.index)}{${name}:${found[0].replaceAll("*", "\\*")}}`;
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

function translateToken(
  path: string,
  token: FlatToken,
  before: readonly FlatToken[],
  behind: readonly FlatToken[],
): string {
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
  const previous = before.at(-1);
  // Without a regex, a dollar sign and a capture would be taken for a template of JavaScript.
  const isBehindDollar = previous?.type === "text" && patternText(previous.value).endsWith("$");
  const regex = regexBefore(behind, isBehindDollar);
  return regex === "" ? `{${token.name}}` : `{${token.name}:${regex}}`;
}

/**
 * Express gives a param the shortest value that the text behind it can follow: one that does not hold that
 * text.
 */
function regexBefore([next, ...rest]: readonly FlatToken[], isNeeded: boolean): string {
  if (next?.type !== "text") {
    return isNeeded && next === undefined ? ".+" : "";
  }
  if (rest.length === 0) {
    return ".+";
  }
  const text = patternText(next.value);
  if (text === ".") {
    return isNeeded ? "[^.]+" : "";
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

function checkPattern(path: string, pattern: string): void {
  try {
    parseResourcePattern(pattern);
  } catch (error) {
    throw new ExpressPathError(path, `"${pattern}" is malformed`, (error as Error).message, { cause: error });
  }
}
