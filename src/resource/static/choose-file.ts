import { isCompressible } from "../../data/compression/compressible-type.ts";
import {
  type AcceptedCodings,
  acceptedCodings,
  type ContentCoding,
} from "../../data/compression/content-coding.ts";
import type { Encoding } from "../../data/compression/encodings.ts";
import { release, sizeOf } from "../../data/file/file-content.ts";
import { fileType } from "../../data/file/file-type.ts";
import type { NoFile } from "../../data/file/open-file.ts";
import { RequestContext } from "../../request/request-context.ts";
import { ResponseError } from "../../response/error-response.ts";
import type { FileStore, FoundFile } from "./file-store.ts";
import type { StaticSettings } from "./static-options.ts";

/** A file in the form that a request gets. */
export interface ChosenFile {
  readonly file: FoundFile;
  /** What it has been compressed in beforehand. */
  readonly coding: ContentCoding | null;
  /** What it may be compressed in while it is sent. */
  readonly encodings: readonly Encoding[];
  /** Whether another request could get another form of it. */
  readonly varies: boolean;
}

const EXTENSIONS: Readonly<Record<ContentCoding, string>> = { br: ".br", gzip: ".gz", zstd: ".zst" };
const NO_ENCODINGS: readonly Encoding[] = Object.freeze([]);

/**
 * Chooses between a file and its compressed forms (RFC 9110 §12.5.3). One that was made beforehand goes before one that
 * would have to be made, whatever the coding.
 *
 * Throws a `ResponseError` (406) when the request takes none of them, nor the file as it is.
 */
export async function chooseFile(
  store: FileStore,
  { path, name }: { readonly path: string; readonly name: string },
  file: FoundFile,
  context: RequestContext,
  settings: StaticSettings,
): Promise<ChosenFile> {
  const encodings = encodingsFor(file, name, settings);
  const varies = encodings.length > 0 || settings.precompressed.length > 0;
  if (!varies) {
    return { file, coding: null, encodings, varies };
  }
  const accepted = acceptedCodings(context.header("accept-encoding"));
  for (const coding of wantedBeforeIdentity(accepted)) {
    if (settings.precompressed.includes(coding)) {
      const made = await findMade(store, madePath(path, name, coding, settings), file, context);
      if (made !== null) {
        release(file.content);
        return { file: made, coding, encodings: NO_ENCODINGS, varies };
      }
    }
  }
  const isTaken = ({ coding }: Encoding) => accepted.includes(coding);
  if (!accepted.includes("identity") && !encodings.some(isTaken)) {
    release(file.content);
    throw new ResponseError(406, "", { headers: { vary: "accept-encoding" } });
  }
  return { file, coding: null, encodings, varies };
}

function encodingsFor(file: FoundFile, name: string, settings: StaticSettings): readonly Encoding[] {
  const { compress, minSize, maxSize } = settings;
  const size = sizeOf(file.content);
  return compress.length > 0 && size >= minSize && size <= maxSize && isCompressible(fileType(name))
    ? compress
    : NO_ENCODINGS;
}

function wantedBeforeIdentity(accepted: AcceptedCodings): readonly ContentCoding[] {
  const identity = accepted.indexOf("identity");
  return (identity < 0 ? accepted : accepted.slice(0, identity)) as readonly ContentCoding[];
}

function madePath(path: string, name: string, coding: ContentCoding, { isSplit }: StaticSettings): string {
  return `${isSplit ? `encoded/${coding}/${name}` : path}${EXTENSIONS[coding]}`;
}

/**
 * A compressed form that is older than its file is of another version; one that is larger helps nobody; and one that
 * cannot be read is no reason to send nothing.
 */
async function findMade(
  store: FileStore,
  path: string,
  original: FoundFile,
  context: RequestContext,
): Promise<FoundFile | null> {
  const { isJustRead } = RequestContext.sourceOf(context);
  const made = await store.find(path, isJustRead).catch((): NoFile => "missing");
  if (typeof made === "string") {
    return null;
  }
  // Archives and images of containers keep whole seconds.
  const isFresh = Math.floor(made.stats.mtimeMs / 1_000) >= Math.floor(original.stats.mtimeMs / 1_000);
  if (isFresh && sizeOf(made.content) < sizeOf(original.content)) {
    return made;
  }
  release(made.content);
  return null;
}
