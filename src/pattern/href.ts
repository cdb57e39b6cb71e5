import { encodeSegment } from "../common/percent.ts";
import type { HostPattern } from "./host-pattern.ts";
import { HrefError } from "./href-error.ts";
import { type HrefOrigin, type OriginParts, parseOrigin } from "./href-origin.ts";
import { formatHash, formatQuery, type HrefQuery, type HrefValue } from "./href-query.ts";
import { formatPath } from "./resource-pattern.ts";
import type { RegexPattern, SegmentPattern } from "./segment-pattern.ts";

/** The params that a URL is built from: any value that `String()` turns into the text of the segment. */
export type HrefParams<Params> = { readonly [Name in keyof Params]: HrefValue };

/** What a URL has besides its path. */
export interface HrefOptions {
  readonly query?: HrefQuery | undefined;
  readonly hash?: string | undefined;
  /**
   * `true` for `https://` and the host of the pattern; an origin to replace what it names. Default:
   * `false`.
   */
  readonly absolute?: boolean | HrefOrigin | undefined;
}

type Values = Readonly<Record<string, string>>;

/** A segment whose text depends on params. */
type CapturingPattern = Exclude<SegmentPattern, { readonly kind: "static" }>;

/**
 * Builds the URLs of one resource, and only such URLs as lead back to it with the same params.
 *
 * @example
 * ```ts
 * const { segments } = parseResourcePattern("/users/{id:\\d+}");
 * const builder = new HrefBuilder(null, segments, false);
 * builder.build({ id: 42 }, { query: { tab: "posts" } }); // "/users/42?tab=posts"
 * ```
 */
export class HrefBuilder {
  readonly #host: HostPattern | null;
  /** The segments in their order, static ones as they stand in a URL. */
  readonly #parts: readonly (string | CapturingPattern)[];
  readonly #ending: "/" | "";
  readonly #pattern: string;
  readonly #names: ReadonlySet<string>;

  constructor(host: HostPattern | null, segments: readonly SegmentPattern[], endsWithSlash: boolean) {
    this.#host = host;
    this.#parts = segments.map((each) => (each.kind === "static" ? encodeSegment(each.value) : each));
    this.#ending = endsWithSlash || segments.length === 0 ? "/" : "";
    this.#names = new Set([host, ...segments].flatMap((pattern) => pattern?.captureNames ?? []));
    this.#pattern = `${host === null ? "" : `http://${host.text}`}${formatPath(segments, endsWithSlash)}`;
  }

  /**
   * The URL for these params: a path, or with `absolute` a whole URL. Without `absolute`, those of the host
   * may be missing.
   *
   * Throws a {@link HrefError} (`ARGANIA_HREF`) on params that are missing, unknown or would not come back the
   * same.
   */
  build(params: Readonly<Record<string, HrefValue>>, options: HrefOptions = {}): string {
    const values = this.#textsOf(params);
    let path = "";
    for (const part of this.#parts) {
      path += `/${typeof part === "string" ? part : encodeSegment(this.#checkedText(part, values))}`;
    }
    path += this.#ending;
    return `${this.#origin(values, options.absolute ?? false)}${path}${this.#suffix(options)}`;
  }

  #textsOf(params: Readonly<Record<string, HrefValue>>): Values {
    const values = Object.create(null) as Record<string, string>;
    for (const [name, value] of Object.entries(params)) {
      if (!this.#names.has(name)) {
        const names = [...this.#names].map((each) => `"${each}"`).join(", ");
        this.#fail(name, `there is no param "${name}"; ${names === "" ? "it has none" : `it has ${names}`}.`);
      }
      if (value !== undefined) {
        values[name] = this.#textOf(name, value);
      }
    }
    return values;
  }

  #textOf(name: string, value: HrefValue): string {
    if (typeof value === "number" && !Number.isFinite(value)) {
      this.#fail(name, `the param "${name}" is ${value}, which is hardly meant.`);
    }
    if (!VALUE_TYPES.includes(typeof value)) {
      this.#fail(name, `the param "${name}" must be a string, number, bigint or boolean.`);
    }
    const text = String(value);
    const problem = UNREACHABLE.exec(text);
    if (text === "" || problem !== null) {
      const what =
        problem === null ? "is empty" : `holds ${problem[0] === "\0" ? "NUL" : "half a character"}`;
      this.#fail(name, `the param "${name}" ${what}, and no request has such a segment.`);
    }
    return text;
  }

  /** A segment that leads back to its resource with these values. */
  #checkedText(segment: CapturingPattern, values: Values): string {
    const text = this.#fill(segment, values);
    const name = segment.captureNames[0] as string;
    if (text === "." || text === "..") {
      this.#fail(name, `the segment would be "${text}", which a client takes for another place.`);
    }
    if (segment.kind === "regex") {
      this.#checkMatch(segment, text, values);
    }
    return text;
  }

  #checkMatch(pattern: RegexPattern, text: string, values: Values): void {
    const match = pattern.match(text);
    if (match === null) {
      this.#fail(pattern.captureNames[0] as string, `"${text}" does not match "${pattern.text}".`);
    }
    for (const { name, group } of pattern.captures) {
      if (match[group] !== values[name]) {
        this.#fail(
          name,
          `in "${text}", "${pattern.text}" would give "${match[group]}" for "${name}", not "${values[name]}".`,
        );
      }
    }
  }

  /** The text that a pattern matches when its captures have these values. */
  #fill(pattern: SegmentPattern, values: Values): string {
    if (pattern.kind === "static") {
      return pattern.value;
    }
    const missing = pattern.captureNames.find((name) => values[name] === undefined);
    if (missing !== undefined) {
      this.#fail(missing, `the param "${missing}" is missing.`);
    }
    return pattern.kind === "wildcard"
      ? (values[pattern.name] as string)
      : pattern.parts.map((part) => (part.kind === "text" ? part.text : values[part.name])).join("");
  }

  #origin(values: Values, absolute: boolean | HrefOrigin): string {
    if (absolute === false) {
      return "";
    }
    const origin = absolute === true ? {} : parseOrigin(absolute, (problem) => this.#fail(null, problem));
    const host = this.#hostOf(origin, values);
    return `${origin.scheme ?? "https"}://${host}${origin.port === undefined ? "" : `:${origin.port}`}`;
  }

  #hostOf(origin: OriginParts, values: Values): string {
    const pattern = this.#host;
    if (pattern === null) {
      return (
        origin.host ??
        this.#fail(null, 'it has no host. Write one, as in { absolute: "https://example.com" }.')
      );
    }
    const host = this.#fill(pattern, values);
    if (pattern.kind === "regex") {
      if (!HOST.test(host)) {
        const hint = 'Hosts are in lower case, with letters, digits, dots, "-" and "_".';
        this.#fail(pattern.captureNames[0] as string, `"${host}" is not a host as requests have it. ${hint}`);
      }
      this.#checkMatch(pattern, host, values);
    }
    if (origin.host !== undefined && origin.host !== host) {
      this.#fail(null, `the origin's host "${origin.host}" is not "${host}", where the resource is.`);
    }
    return host;
  }

  #suffix({ query, hash }: HrefOptions): string {
    try {
      return `${formatQuery(query)}${formatHash(hash)}`;
    } catch (error) {
      const problem = "the query or the hash holds half a character (a lone surrogate).";
      throw new HrefError(this.#pattern, null, problem, { cause: error });
    }
  }

  #fail(param: string | null, problem: string): never {
    throw new HrefError(this.#pattern, param, problem);
  }
}

const VALUE_TYPES: readonly string[] = ["string", "number", "bigint", "boolean"];
const UNREACHABLE = /\0|\p{Surrogate}/u;
const HOST = /^(?!.*\.\.)[a-z\d_](?:[a-z\d_.-]*[a-z\d_])?$/;
