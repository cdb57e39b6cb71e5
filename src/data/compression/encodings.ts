import { describeValue } from "../../common/describe-value.ts";
import { CONTENT_CODINGS, type ContentCoding } from "./content-coding.ts";
import { nodeEngines } from "./engines.ts";

/** A coding, or one with how hard to work: gzip 1 to 9, br 0 to 11, zstd 1 to 19. */
export type EncodingOption = ContentCoding | { readonly coding: ContentCoding; readonly level?: number };

/** A coding that something may be sent in, and how much work that may be. */
export interface Encoding {
  readonly coding: ContentCoding;
  readonly level: number;
}

/** As fast as is usual for what is compressed anew for each request. */
const DEFAULT_LEVELS: Readonly<Record<ContentCoding, number>> = { gzip: 6, br: 4, zstd: 3 };
const HIGHEST_LEVELS: Readonly<Record<ContentCoding, number>> = { gzip: 9, br: 11, zstd: 19 };

/** Whether this runtime can compress so: zstd came with Node 22.15, and without `node:zlib` there is gzip only. */
export function canCompress(coding: ContentCoding): boolean {
  const engines = nodeEngines();
  return engines === null
    ? coding === "gzip" && typeof CompressionStream === "function"
    : engines.has(coding);
}

/** The codings of an option, those left out that this runtime does not have. Throws a `TypeError` or a `RangeError`. */
export function encodingsOf(
  option: EncodingOption | readonly EncodingOption[] | undefined,
): readonly Encoding[] {
  const list = (Array.isArray(option) ? option : option === undefined ? [] : [option]) as EncodingOption[];
  return list.map(encodingOf).filter(({ coding }) => canCompress(coding));
}

function encodingOf(option: EncodingOption): Encoding {
  const { coding, level } =
    typeof option === "string" ? { coding: option, level: undefined } : (option ?? {});
  if (!CONTENT_CODINGS.includes(coding)) {
    throw new TypeError(
      `A coding is one of ${CONTENT_CODINGS.map((name) => `"${name}"`).join(", ")}, or { coding, level }, not ${shown(option)}.`,
    );
  }
  if (level !== undefined) {
    assertLevel(coding, level);
  }
  return { coding, level: level ?? DEFAULT_LEVELS[coding] };
}

function assertLevel(coding: ContentCoding, level: unknown): void {
  const highest = HIGHEST_LEVELS[coding];
  const lowest = coding === "br" ? 0 : 1;
  if (!Number.isInteger(level) || Number(level) < lowest || Number(level) > highest) {
    throw new RangeError(
      `Invalid level ${String(level)} for ${coding}: an integer from ${lowest} (fastest) to ${highest} (smallest).`,
    );
  }
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : describeValue(value);
}
