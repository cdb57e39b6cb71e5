import { describeValue } from "../../common/describe-value.ts";
import { LightHeaders } from "../../common/light-headers.ts";
import { isEntityTag } from "../../response/entity-tags.ts";
import type { EncodingOption } from "../compression/encodings.ts";

/** How a file is sent. */
export interface FileStreamOptions {
  /** Instead of the type that the name of the file has. */
  readonly contentType?: string;
  /** Lets the client store it: under this name, or with `true` under the file's own. */
  readonly attachment?: boolean | string;
  /** Lets the client show it, and gives the name for storing it. */
  readonly inline?: boolean | string;
  /** Codings to compress it in while it is sent, for clients that take one of them. None by default. */
  readonly encoding?: EncodingOption | readonly EncodingOption[];
  /** Instead of the one made of size and time: `'"v7"'`, with its quotes; `false` for none. */
  readonly etag?: string | false;
  /** Instead of the time of the last change; `false` for none. */
  readonly lastModified?: Date | false;
  /** The value of `Cache-Control`; none by default. */
  readonly cacheControl?: string;
  /** Whether parts of it can be asked for; `true` by default. */
  readonly acceptRanges?: boolean;
  /** Whether the path may be a symbolic link; `true` by default. With `root` also those in between. */
  readonly followSymlinks?: boolean;
  /**
   * The directory that the file must lie in, for names that clients send: a path, or a `file:` URL. The file is named by
   * a path below it, with slashes, already decoded. What leads outside, through `..`, links or otherwise, is not found; nor
   * are names with a dot in front.
   */
  readonly root?: string | URL;
}

/** What the type of an option is, for what is no text. */
type Check = (value: unknown) => string | null;

const isBoolean: Check = (value) => (typeof value === "boolean" ? null : "true or false");
const isName: Check = (value) =>
  typeof value === "boolean" || (typeof value === "string" && value !== "")
    ? null
    : "true, or the name of the file";

const CHECKS: Readonly<Record<keyof FileStreamOptions, Check>> = {
  contentType: (value) => (isHeaderValue(value) ? null : 'a media type, "text/plain; charset=utf-8"'),
  attachment: isName,
  inline: isName,
  encoding: () => null,
  etag: (value) =>
    value === false || (typeof value === "string" && isEntityTag(value))
      ? null
      : "an entity tag with its quotes, '\"v7\"', or false",
  lastModified: (value) =>
    value === false || (value instanceof Date && !Number.isNaN(value.getTime())) ? null : "a Date, or false",
  cacheControl: (value) => (isHeaderValue(value) ? null : 'the value of a header, "max-age=60"'),
  acceptRanges: isBoolean,
  followSymlinks: isBoolean,
  root: (value) =>
    value instanceof URL || (typeof value === "string" && value !== "")
      ? null
      : "the path of a directory, or a file: URL",
};

/** Refuses what would be ignored in silence, or fail with the first request. Throws a `TypeError` or a `RangeError`. */
export function assertFileStreamOptions(options: FileStreamOptions): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`The options of a file are an object, not ${describeValue(options)}.`);
  }
  for (const [name, value] of Object.entries(options)) {
    const check = Object.hasOwn(CHECKS, name) ? CHECKS[name as keyof FileStreamOptions] : undefined;
    if (check === undefined) {
      throw new TypeError(`A file has no option "${name}". There are: ${Object.keys(CHECKS).join(", ")}.`);
    }
    // A root that is not known, as of a variable that is not set, must not be no root.
    const expected = value === undefined && name !== "root" ? null : check(value);
    if (expected !== null) {
      throw new TypeError(`The option "${name}" of a file is ${expected}, not ${shown(value)}.`);
    }
  }
  if (options.attachment !== undefined && options.inline !== undefined) {
    throw new TypeError(
      'A file is sent as an attachment or inline: give "attachment" or "inline", not both.',
    );
  }
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : describeValue(value);
}

/** Whether it can stand in a header as it is. */
export function isHeaderValue(value: unknown): value is string {
  try {
    new LightHeaders().set("x", value as string);
    return typeof value === "string" && value !== "";
  } catch {
    return false;
  }
}
