import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { withoutStack } from "../../common/argania-error.ts";
import { describeValue } from "../../common/describe-value.ts";
import { formatHttpDate } from "../../response/http-date.ts";
import type { ResponseLike } from "../../response/into-response.ts";
import type { LightResponse } from "../../response/light-response.ts";
import type { ResponseContext } from "../../response/response-context.ts";
import { encodingsOf } from "../compression/encodings.ts";
import { contentDisposition } from "./content-disposition.ts";
import { readWhole } from "./file-body.ts";
import { type FileContent, release, sizeOf, WHOLE_LIMIT } from "./file-content.ts";
import { fileDate, fileEtag } from "./file-etag.ts";
import { FileNotFoundError } from "./file-not-found-error.ts";
import { assertFileStreamOptions, type FileStreamOptions } from "./file-options.ts";
import { type FileOffer, fileResponse } from "./file-response.ts";
import { fileType } from "./file-type.ts";
import { openBelow } from "./open-below.ts";
import {
  adoptHandle,
  type FileStats,
  NO_FOLLOW,
  type NoFile,
  type OpenFile,
  type OpenHandle,
  openFile,
} from "./open-file.ts";

/**
 * A file as a response. It answers `Range`, `If-Range` and the conditions of its request by itself: a handler returns it
 * and is done.
 *
 * - Its length is fixed when it is opened. It is read no faster than the client takes it, and closed when it has been
 *   sent, when the client goes away, or when nobody sends it.
 * - `ETag` and `Last-Modified` come from the file, `Content-Type` from its name; `X-Content-Type-Options: nosniff`.
 * - Ranges: one part, or several as `multipart/byteranges`. Overlapping ones are put together; more than 16 parts, or
 *   as many bytes as there are, are answered with the whole file.
 * - With `encoding` it is compressed for clients that take that, with a weak `ETag` and without parts.
 *
 * One is sent once: open the file for each request.
 *
 * @example
 * ```ts
 * root.subresource("/film").setHandlerFor(_get.to(() => FileStream.open("film.mp4")));
 * root.subresource("/report").setHandlerFor(
 *   _get.to(() => FileStream.open("data/7.pdf", { attachment: "Überblick 2026.pdf", cacheControl: "private" })),
 * );
 * ```
 * Source: argan, `FileStream`; RFC 9110 §13, §14; RFC 6266.
 */
export class FileStream implements ResponseLike {
  /** In bytes. */
  readonly size: number;
  /** The time of the last change. */
  readonly lastModified: Date;
  #offer: FileOffer | null;

  private constructor(content: FileContent, stats: FileStats, name: string, options: FileStreamOptions) {
    this.size = sizeOf(content);
    this.lastModified = new Date(stats.mtimeMs);
    this.#offer = {
      content,
      headers: headersOf(stats, name, options),
      acceptsRanges: options.acceptRanges ?? true,
      encodings: encodingsOf(options.encoding),
    };
  }

  /**
   * Opens a file. A relative path begins in the working directory, as everywhere in Node: never put what a client sent
   * into it. With the option `root` the path is a name below that directory, and may come from a client.
   *
   * Rejects with a `FileNotFoundError` (`ARGANIA_FILE_NOT_FOUND`, 404) where no regular file is, with a `TypeError` or
   * `RangeError` for a wrong option, with a `StaticFilesError` (`ARGANIA_STATIC_FILES`) for a `root` that is no directory, and with what the file system says when it cannot be read.
   *
   * @param file a path, a `file:` URL, or a `FileHandle`, which is closed with the response
   */
  static async open(file: string | URL | OpenHandle, options: FileStreamOptions = {}): Promise<FileStream> {
    const path = pathOf(file);
    assertFileStreamOptions(options);
    assertName(file, options);
    const encodings = encodingsOf(options.encoding);
    const opened = await (path === null ? adoptHandle(file as OpenHandle) : openPath(file, path, options));
    if (typeof opened === "string") {
      throw withoutStack(() => new FileNotFoundError());
    }
    const isRead = opened.size <= WHOLE_LIMIT && encodings.length === 0;
    const content = isRead ? await readWhole(opened) : opened;
    return new FileStream(content, opened.stats, path === null ? "" : basename(path), options);
  }

  /** Called by the framework. */
  intoResponse(context?: ResponseContext): LightResponse {
    const offer = this.#offer;
    if (offer === null) {
      throw new TypeError("This file has been sent or closed already: open it for each request.");
    }
    this.#offer = null;
    const response = fileResponse(offer);
    return context === undefined ? response : response.settledFor(context);
  }

  /** Closes the file if it is not going to be sent. */
  close(): void {
    if (this.#offer !== null) {
      release(this.#offer.content);
      this.#offer = null;
    }
  }
}

function openPath(
  file: unknown,
  path: string,
  { root, followSymlinks = true }: FileStreamOptions,
): Promise<OpenFile | NoFile> {
  if (root === undefined) {
    return openFile(path, followSymlinks ? 0 : NO_FOLLOW);
  }
  return openBelow(root, file as string, followSymlinks);
}

/** `null` for a handle. */
function pathOf(file: unknown): string | null {
  if (typeof file === "string") {
    return file;
  }
  if (file instanceof URL) {
    return fileURLToPath(file);
  }
  if (typeof (file as Partial<OpenHandle> | null)?.fd === "number") {
    return null;
  }
  throw new TypeError(
    `FileStream.open takes a path, a file: URL or a FileHandle, not ${describeValue(file)}.`,
  );
}

/** A URL says by itself where it is, and a handle has no place. */
function assertName(file: unknown, { root }: FileStreamOptions): void {
  if (root !== undefined && typeof file !== "string") {
    throw new TypeError(
      `With the option "root", FileStream.open takes a path below that directory, not ${describeValue(file)}.`,
    );
  }
}

function headersOf(stats: FileStats, name: string, options: FileStreamOptions): string[] {
  const { contentType, etag, lastModified, cacheControl, acceptRanges = true } = options;
  const list = ["content-type", contentType ?? fileType(name), "x-content-type-options", "nosniff"];
  if (etag !== false) {
    list.push("etag", etag ?? fileEtag(stats));
  }
  if (lastModified !== false) {
    const date = lastModified === undefined ? fileDate(stats) : formatHttpDate(lastModified);
    list.push(...(date === null ? [] : ["last-modified", date]));
  }
  if (acceptRanges) {
    list.push("accept-ranges", "bytes");
  }
  if (cacheControl !== undefined) {
    list.push("cache-control", cacheControl);
  }
  const { attachment, inline } = options;
  for (const [disposition, value] of [
    ["attachment", attachment],
    ["inline", inline],
  ] as const) {
    if (value !== undefined && value !== false) {
      list.push("content-disposition", contentDisposition(disposition, nameOf(value, name)));
    }
  }
  return list;
}

/** What is opened by a handle has no name. */
function nameOf(value: true | string, name: string): string | undefined {
  return value === true ? name || undefined : value;
}
