import { describeValue } from "../../common/describe-value.ts";
import { CONTENT_CODINGS, type ContentCoding } from "../../data/compression/content-coding.ts";
import { type Encoding, type EncodingOption, encodingsOf } from "../../data/compression/encodings.ts";
import { isHeaderValue } from "../../data/file/file-options.ts";
import type { DotfilePolicy } from "../../data/file/relative-path.ts";
import { StaticFilesError } from "../../data/file/static-files-error.ts";

/** What is compressed while it is sent. */
export interface CompressOptions {
  /** In the order of preference; br 4, zstd 3 (where Node has it) and gzip 6 by default. */
  readonly codings?: EncodingOption | readonly EncodingOption[];
  /** In bytes; 1 KiB by default: smaller files gain nothing. */
  readonly minSize?: number;
  /** In bytes; 8 MiB by default: larger ones should be compressed once, beforehand. */
  readonly maxSize?: number;
}

/** How files are served. */
export interface StaticFilesOptions {
  /** What is served for a directory, the first that there is; `"index.html"` by default, `false` for nothing. */
  readonly index?: string | readonly string[] | false;
  /** The file that answers paths of a single-page app: those that have no file, no extension, and want a page. It must be there from the beginning. */
  readonly spaFallback?: string;
  /** Names with a dot in front: `"deny"` (default), `"allow"`, or `"well-known"` for `/.well-known/` alone. */
  readonly dotfiles?: DotfilePolicy;
  /** Whether symbolic links are followed, as long as they stay in the directory; `true` by default. */
  readonly followSymlinks?: boolean;
  /**
   * The value of `Cache-Control`, for all files or by their path; `"no-cache"` by default: caches keep files, and ask
   * each time whether they are still the same. `false` for none.
   */
  readonly cacheControl?: string | false | ((path: string) => string | undefined);
  /**
   * Names that change with their content, which are kept for a year without asking. `true` is for a hash of eight or more
   * characters, with a letter and a digit in it, before the extension: `app.3f9a1c2b.js`, `index-B7kQz9Xe.css`.
   */
  readonly immutable?: boolean | RegExp;
  /** Files beside the files, `app.js.br`, for `app.js`; all codings with `true`. None by default. */
  readonly precompressed?: boolean | ContentCoding | readonly ContentCoding[];
  /** Compresses what may be compressed and is not so beforehand; `false` by default, since it is done for each request. */
  readonly compress?: boolean | CompressOptions;
  /** `"split"`: files in `unencoded/`, and compressed beforehand in `encoded/gzip/…` and so on, as argan has it. */
  readonly layout?: "plain" | "split";
  /** `true` by default. */
  readonly etag?: boolean;
  /** `true` by default. */
  readonly lastModified?: boolean;
  /** Whether parts can be asked for; `true` by default. */
  readonly acceptRanges?: boolean;
  /** Whether clients are to store files, not to show them; `false` by default. */
  readonly attachments?: boolean;
  /** How many bytes of small files (up to 128 KiB) are kept in memory; 16 MiB by default. */
  readonly cacheSize?: number;
  /**
   * For how long a file in memory is taken for unchanged without a look at the file system, in milliseconds; 0 by
   * default: each request looks, or shares the look of one in the same turn of the event loop. One that is changed, removed or replaced is served as it was until then: for
   * directories that a deployment replaces as a whole, with its server.
   */
  readonly revalidateAfter?: number;
}

/** The same, checked and with what is default. */
export interface StaticSettings {
  readonly indexes: readonly string[];
  readonly spaFallback: string | null;
  readonly dotfiles: DotfilePolicy;
  readonly followsLinks: boolean;
  readonly cacheControl: (path: string) => string | undefined;
  readonly precompressed: readonly ContentCoding[];
  readonly compress: readonly Encoding[];
  readonly minSize: number;
  readonly maxSize: number;
  readonly isSplit: boolean;
  readonly hasEtag: boolean;
  readonly hasLastModified: boolean;
  readonly acceptsRanges: boolean;
  readonly areAttachments: boolean;
  readonly cacheSize: number;
  readonly revalidateAfter: number;
}

type Check = (value: unknown) => boolean;
const isBoolean: Check = (value) => typeof value === "boolean";
const isName: Check = (value) =>
  typeof value === "string" && value !== "" && !/[\\\0]|(?:^|\/)(?:\/|\.\.?(?:\/|$))/.test(value);
const isSize: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isTime: Check = (value) => typeof value === "number" && value >= 0;
const isCoding: Check = (value) => CONTENT_CODINGS.includes(value as ContentCoding);
const areAll = (value: unknown, check: Check): boolean => Array.isArray(value) && value.every(check);

/** What each option may be, and how that is said. */
const CHECKS: Readonly<Record<keyof StaticFilesOptions, readonly [Check, string]>> = {
  index: [
    (value) => value === false || isName(value) || areAll(value, isName),
    'a name, names, or false: "index.html"',
  ],
  spaFallback: [isName, 'the path of a file in the directory: "index.html"'],
  dotfiles: [
    (value) => value === "deny" || value === "allow" || value === "well-known",
    '"deny", "allow" or "well-known"',
  ],
  followSymlinks: [isBoolean, "true or false"],
  cacheControl: [
    (value) => value === false || typeof value === "function" || isHeaderValue(value),
    'the value of a header, (path) => value, or false: "max-age=60"',
  ],
  immutable: [(value) => isBoolean(value) || value instanceof RegExp, "true, false, or a regex for names"],
  precompressed: [
    (value) => isBoolean(value) || isCoding(value) || areAll(value, isCoding),
    'true, false, or of "br", "zstd" and "gzip"',
  ],
  compress: [
    (value) => isBoolean(value) || (typeof value === "object" && value !== null),
    "true, false, or { codings, minSize, maxSize }",
  ],
  layout: [(value) => value === "plain" || value === "split", '"plain" or "split"'],
  etag: [isBoolean, "true or false"],
  lastModified: [isBoolean, "true or false"],
  acceptRanges: [isBoolean, "true or false"],
  attachments: [isBoolean, "true or false"],
  cacheSize: [isSize, "a whole number of bytes"],
  revalidateAfter: [isTime, "a number of milliseconds, or Infinity for never"],
};

const KiB = 1_024;
const MiB = 1_024 * KiB;

/** Throws a `StaticFilesError` (`ARGANIA_STATIC_FILES`) for what would be ignored or fail later. */
export function staticSettings(options: StaticFilesOptions): StaticSettings {
  assertOptions(options);
  const { index = "index.html", compress = false, precompressed = false, layout = "plain" } = options;
  const { codings, minSize = KiB, maxSize = 8 * MiB } = compressOptions(compress);
  return Object.freeze({
    indexes: index === false ? [] : typeof index === "string" ? [index] : index,
    spaFallback: options.spaFallback ?? null,
    dotfiles: options.dotfiles ?? "deny",
    followsLinks: options.followSymlinks ?? true,
    cacheControl: cacheControlOf(options),
    precompressed: codingsOf(precompressed === false && layout === "split" ? true : precompressed),
    compress: compress === false ? [] : encodingsOf(codings ?? CONTENT_CODINGS),
    minSize,
    maxSize,
    isSplit: layout === "split",
    hasEtag: options.etag ?? true,
    hasLastModified: options.lastModified ?? true,
    acceptsRanges: options.acceptRanges ?? true,
    areAttachments: options.attachments ?? false,
    cacheSize: options.cacheSize ?? 16 * MiB,
    revalidateAfter: options.revalidateAfter ?? 0,
  });
}

function assertOptions(options: unknown): asserts options is StaticFilesOptions {
  if (typeof options !== "object" || options === null) {
    throw new StaticFilesError(`The options of static files are an object, not ${describeValue(options)}.`);
  }
  for (const [name, value] of Object.entries(options)) {
    const check = Object.hasOwn(CHECKS, name) ? CHECKS[name as keyof StaticFilesOptions] : undefined;
    if (check === undefined) {
      const names = Object.keys(CHECKS).join(", ");
      throw new StaticFilesError(`Static files have no option "${name}". There are: ${names}.`);
    }
    if (value !== undefined && !check[0](value)) {
      const given = typeof value === "string" ? JSON.stringify(value) : describeValue(value);
      throw new StaticFilesError(`The option "${name}" of static files is ${check[1]}; not ${given}.`);
    }
  }
}

function compressOptions(compress: boolean | CompressOptions): CompressOptions {
  if (typeof compress === "boolean") {
    return {};
  }
  const { codings, minSize, maxSize, ...unknown } = compress;
  const [name] = Object.keys(unknown);
  if (name !== undefined || ![minSize ?? 0, maxSize ?? 0].every(isSize)) {
    throw new StaticFilesError(
      `The option "compress" of static files is { codings, minSize, maxSize }, sizes in bytes${name === undefined ? "" : `; it has no "${name}"`}.`,
    );
  }
  return compress;
}

function codingsOf(option: boolean | ContentCoding | readonly ContentCoding[]): readonly ContentCoding[] {
  return typeof option === "boolean"
    ? option
      ? CONTENT_CODINGS
      : []
    : typeof option === "string"
      ? [option]
      : option;
}

const FOR_EVER = "public, max-age=31536000, immutable";
/** A letter and a digit: words have no digits, and dates no letters. */
const HASHED = /[.-](?=[\w-]*\d)(?=[\w-]*[a-zA-Z])[\w-]{8,64}(?:\.\w{1,10}){1,2}$/;

function cacheControlOf({
  cacheControl = "no-cache",
  immutable = false,
}: StaticFilesOptions): StaticSettings["cacheControl"] {
  const common =
    typeof cacheControl === "function"
      ? (path: string) => checkedValue(cacheControl(path), path)
      : () => (cacheControl === false ? undefined : cacheControl);
  if (immutable === false) {
    return common;
  }
  // A regex with the flags g or y would answer every second time only.
  const pattern =
    immutable === true ? HASHED : new RegExp(immutable.source, immutable.flags.replace(/[gy]/g, ""));
  return (path) => (pattern.test(path.slice(path.lastIndexOf("/") + 1)) ? FOR_EVER : common(path));
}

/** A path may hold anything, and the function may have put it into its value. */
function checkedValue(value: string | undefined, path: string): string | undefined {
  if (value !== undefined && !isHeaderValue(value)) {
    throw new TypeError(`cacheControl gave no value of a header for ${JSON.stringify(path)}.`);
  }
  return value;
}
