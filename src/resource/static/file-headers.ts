import { contentDisposition } from "../../data/file/content-disposition.ts";
import { contentEtag, encodedEtag, fileDate, fileEtag } from "../../data/file/file-etag.ts";
import { notModifiedHeaders } from "../../data/file/file-response.ts";
import { fileType } from "../../data/file/file-type.ts";
import { PreparedHead } from "../../response/prepared-head.ts";
import type { ChosenFile } from "./choose-file.ts";
import type { FoundFile } from "./file-store.ts";
import type { StaticSettings } from "./static-options.ts";

/** What is said of a file, names in lower case and values in turn. */
export interface FileHeaders {
  readonly etag: string | null;
  readonly whole: readonly string[];
  /** With a 304, for what is asked for again while it stays the same. */
  readonly notModified: PreparedHead | null;
}

/** What a file in memory says of itself stays the same for as long as it does: it is put together once. */
export function headersOf(name: string, chosen: ChosenFile, settings: StaticSettings): FileHeaders {
  const { notes } = chosen.file;
  // Most have one form only: nothing is put together for them. No name begins with a slash.
  const key = chosen.varies ? `/${name}` : name;
  let headers = notes?.get(key);
  if (headers === undefined) {
    headers = makeHeaders(name, chosen, settings);
    notes?.set(key, headers);
  }
  return headers;
}

function makeHeaders(
  name: string,
  { file, coding, varies }: ChosenFile,
  settings: StaticSettings,
): FileHeaders {
  const whole = ["content-type", fileType(name), "x-content-type-options", "nosniff"];
  const etag = settings.hasEtag ? etagOf(file, coding) : null;
  if (etag !== null) {
    whole.push("etag", etag);
  }
  const date = settings.hasLastModified ? fileDate(file.stats) : null;
  if (date !== null) {
    whole.push("last-modified", date);
  }
  if (settings.acceptsRanges) {
    whole.push("accept-ranges", "bytes");
  }
  const cacheControl = settings.cacheControl(name);
  if (cacheControl !== undefined) {
    whole.push("cache-control", cacheControl);
  }
  if (settings.areAttachments) {
    const base = name.slice(name.lastIndexOf("/") + 1);
    whole.push("content-disposition", contentDisposition("attachment", base));
  }
  if (varies) {
    whole.push("vary", "accept-encoding");
  }
  if (coding !== null) {
    whole.push("content-encoding", coding);
  }
  const isKept = file.notes !== null;
  return {
    etag,
    whole,
    notModified: isKept ? new PreparedHead(304, "Not Modified", notModifiedHeaders(whole)) : null,
  };
}

/** With notes it is made once for as long as the file stays the same. */
function etagOf({ content, notes, stats }: FoundFile, coding: string | null): string {
  const etag = notes !== null && content instanceof Uint8Array ? contentEtag(content) : fileEtag(stats);
  return coding === null ? etag : encodedEtag(etag, coding, false);
}
