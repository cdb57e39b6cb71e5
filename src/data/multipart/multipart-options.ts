import { describeValue } from "../../common/describe-value.ts";
import { assertByteCount } from "../body-limit.ts";

/** What a part must be like. */
export interface PartOptions {
  /** How many bytes it may have; by default what any part may have. */
  readonly limit?: number;
  /** The media types that it may claim, as `"image/png"` or `"image/*"`; any by default. It is only a claim. */
  readonly types?: readonly string[];
  /** Whether a form without it is refused, when its end has come; `false` by default. */
  readonly required?: boolean;
  /** How many parts may have this name, without file inputs without a file; any number by default. */
  readonly count?: number;
}

/** Names of parts, or what each must be like. */
export type PartsOption = readonly string[] | Readonly<Record<string, PartOptions>>;

/** What a form may be like. Whatever is over a limit is a 413. */
export interface MultipartOptions<Parts extends PartsOption = PartsOption> {
  /** Bytes in the whole body; by default the `bodyLimit` that a node sets, else 8 MiB (8,388,608). */
  readonly bodyLimit?: number;
  /** Bytes in each part; by default only the whole body is limited. */
  readonly partLimit?: number;
  /** Bytes in each part that is no file; 1 MiB (1,048,576) by default. */
  readonly fieldLimit?: number;
  /** Parts, also those of file inputs without a file; 1,000 by default. */
  readonly partCount?: number;
  /** Parts that are files; those of file inputs without a file are none. 100 by default. */
  readonly fileCount?: number;
  /** Parts that are no files; by default as many as there may be parts. */
  readonly fieldCount?: number;
  /** Bytes in the headers of each part; 16 KiB (16,384) by default. */
  readonly headerBytes?: number;
  /** Headers of each part; 32 by default. */
  readonly headerCount?: number;
  /** The parts that are allowed: a form with another one is a 400. Any by default. */
  readonly parts?: Parts;
  /** Whether other parts than those in `parts` are allowed, too; `false` by default. */
  readonly otherParts?: boolean;
}

type Numbers = Required<Omit<MultipartOptions, "bodyLimit" | "parts" | "otherParts">>;

/** The options with their defaults. */
export interface FormLimits extends Numbers {
  readonly bodyLimit: number | undefined;
  readonly parts: ReadonlyMap<string, PartOptions>;
  readonly allowsOthers: boolean;
}

const DEFAULTS: Numbers = {
  partLimit: Number.POSITIVE_INFINITY,
  fieldLimit: 2 ** 20,
  partCount: 1_000,
  fileCount: 100,
  fieldCount: Number.POSITIVE_INFINITY,
  headerBytes: 16_384,
  headerCount: 32,
};

const BYTES = ["bodyLimit", "partLimit", "fieldLimit", "headerBytes"] as const;
const COUNTS = ["partCount", "fileCount", "fieldCount", "headerCount"] as const;
const OPTIONS: ReadonlySet<string> = new Set([...BYTES, ...COUNTS, "parts", "otherParts"]);
const PART_OPTIONS: ReadonlySet<string> = new Set(["limit", "types", "required", "count"]);

/** Whether a value can only be options, and no rules: a rule is no number. */
export function isOptionsOnly(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.entries(value).some(([key, each]) => OPTIONS.has(key) && typeof each === "number")
  );
}

/** Throws for options that do not mean what their writer thinks: a misspelled one would be a limit that is not there. */
export function formLimits(options: MultipartOptions, name: string): FormLimits {
  assertKeys(options, OPTIONS, name);
  for (const key of BYTES) {
    assertLimit(options[key], assertByteCount, `${name}({ ${key} })`);
  }
  for (const key of COUNTS) {
    assertLimit(options[key], assertCount, `${name}({ ${key} })`);
  }
  assertFlag(options.otherParts, `${name}({ otherParts })`);
  const { parts, otherParts = false, bodyLimit, ...rest } = options;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...DEFAULTS,
    ...given,
    bodyLimit,
    parts: partRules(parts, name),
    allowsOthers: parts === undefined || otherParts,
  };
}

function partRules(parts: PartsOption | undefined, name: string): ReadonlyMap<string, PartOptions> {
  if (Array.isArray(parts)) {
    if (!parts.every((part) => typeof part === "string")) {
      throw new TypeError(`${name}({ parts }) takes names of parts: write ["title", "photo"].`);
    }
    return new Map(parts.map((part: string) => [part, {}]));
  }
  const rules = new Map<string, PartOptions>();
  for (const [part, rule] of Object.entries(parts ?? {})) {
    const where = `${name}({ parts: { ${part} } })`;
    if (Array.isArray(rule)) {
      throw new TypeError(
        `${where} takes an object with options, not a list: write { types: ["image/png"] }.`,
      );
    }
    assertKeys(rule, PART_OPTIONS, where);
    assertLimit(rule.limit, assertByteCount, `${where}, limit,`);
    assertLimit(rule.count, assertCount, `${where}, count,`);
    assertFlag(rule.required, `${where}, required,`);
    const types: unknown = rule.types;
    if (types !== undefined && !(Array.isArray(types) && types.every((type) => TYPE.test(String(type))))) {
      throw new TypeError(`${where}, types, takes media types: write ["image/png", "image/*"].`);
    }
    rules.set(part, rule.types === undefined ? rule : { ...rule, types: rule.types.map(lowerCase) });
  }
  return rules;
}

const TYPE = /^[!#$%&'+\-.^_`|~\dA-Za-z]+\/(?:\*|[!#$%&'+\-.^_`|~\dA-Za-z]+)$/;

function lowerCase(text: string): string {
  return text.toLowerCase();
}

function assertKeys(value: unknown, known: ReadonlySet<string>, where: string): void {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(`${where} takes an object with options, not ${describeValue(value)}.`);
  }
  const unknown = Object.keys(value).find((key) => !known.has(key));
  if (unknown !== undefined) {
    throw new TypeError(
      `${where} has no option ${JSON.stringify(unknown)}: there are ${[...known].join(", ")}.`,
    );
  }
}

function assertLimit(value: unknown, check: (value: unknown, where: string) => void, where: string): void {
  if (value !== undefined && value !== Number.POSITIVE_INFINITY) {
    check(value, where);
  }
}

function assertCount(value: unknown, where: string): void {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${where} takes a whole number from 0 on, not ${String(value)}.`);
  }
}

function assertFlag(value: unknown, where: string): void {
  if (value !== undefined && typeof value !== "boolean") {
    throw new TypeError(`${where} takes true or false, not ${describeValue(value)}.`);
  }
}
