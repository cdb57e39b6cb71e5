import { contentDisposition } from "../../data/file/content-disposition.ts";
import { release } from "../../data/file/file-content.ts";
import { contentEtag, encodedEtag, fileDate, fileEtag } from "../../data/file/file-etag.ts";
import { fileResponse } from "../../data/file/file-response.ts";
import { fileType } from "../../data/file/file-type.ts";
import { relativePathOf } from "../../data/file/relative-path.ts";
import type { RequestContext } from "../../request/request-context.ts";
import { LightResponse } from "../../response/light-response.ts";
import { NOT_FOUND, NotFoundResourceError } from "../../response/routing-errors.ts";
import { RoutingFailure } from "../../response/routing-failure.ts";
import { addVary } from "../../response/vary.ts";
import type { ResourceConfig } from "../resource-config.ts";
import { type ChosenFile, chooseFile } from "./choose-file.ts";
import type { FileStore, FoundFile } from "./file-store.ts";
import { isPagePath, PAGE_VARY, wantsPage } from "./spa-fallback.ts";
import type { StaticSettings } from "./static-options.ts";

/** A browser gets the page for the same path, and caches may keep a 404 without being told to (RFC 9110 §15.1). */
const NO_PAGE = new RoutingFailure(() => new NotFoundResourceError("", { headers: { vary: PAGE_VARY } }));

const NONE: readonly [] = Object.freeze([]);

/** Answers requests with the files of a directory. */
export class FileServer {
  readonly #store: FileStore;
  readonly #settings: StaticSettings;
  /** Whether the directory itself has a form with a slash to be redirected to. */
  readonly #redirectsToSlash: boolean;
  /** Answers for the directory itself with or without a slash, if it is that page: it is one for all paths anyway. */
  readonly #slashlessPage: string | null;
  /** Whether there can be more than one form of a file. */
  readonly #negotiates: boolean;

  constructor(
    store: FileStore,
    settings: StaticSettings,
    { endsWithSlash, onUnmatchingSlash }: ResourceConfig,
  ) {
    this.#store = store;
    this.#settings = settings;
    this.#redirectsToSlash = onUnmatchingSlash !== "drop";
    this.#slashlessPage = endsWithSlash ? null : settings.spaFallback;
    this.#negotiates = settings.precompressed.length > 0 || settings.compress.length > 0;
  }

  serve(context: RequestContext): unknown {
    const segments = context.subtreeSegments;
    const name = relativePathOf(segments, this.#settings.dotfiles);
    if (name === null) {
      return NOT_FOUND;
    }
    const isDirectory = name === "" || context.path.endsWith("/");
    const likely = isDirectory ? this.#likelyIndex(context, name) : name;
    const found = likely === null || this.#negotiates ? null : this.#store.findNow(this.#pathOf(likely));
    return likely === null || found === null
      ? this.#serveLater(context, segments, name, isDirectory)
      : this.#respond(likely, { file: found, coding: null, encodings: NONE, varies: false });
  }

  /** The page that a directory has if it is there, and that is sent without a redirect. */
  #likelyIndex(context: RequestContext, directory: string): string | null {
    const [index] = this.#settings.indexes;
    if (index === undefined) {
      return null;
    }
    const name = directory === "" ? index : `${directory}/${index}`;
    return this.#isIndexPath(context, directory, name) ? name : null;
  }

  #isIndexPath(context: RequestContext, directory: string, name: string): boolean {
    return context.path.endsWith("/") || (directory === "" && !this.#redirects(name));
  }

  async #serveLater(
    context: RequestContext,
    segments: readonly string[],
    name: string,
    isDirectory: boolean,
  ): Promise<unknown> {
    if (isDirectory) {
      return (await this.#index(context, name)) ?? this.#fallback(context, segments);
    }
    const found = await this.#store.find(this.#pathOf(name));
    if (typeof found !== "string") {
      return this.#send(context, name, found);
    }
    const index = found === "directory" ? await this.#index(context, name) : null;
    return index ?? this.#fallback(context, segments);
  }

  /** The page of a directory, or the way to it: links on it are relative to the path with its slash. */
  async #index(context: RequestContext, directory: string): Promise<unknown> {
    for (const index of this.#settings.indexes) {
      const name = directory === "" ? index : `${directory}/${index}`;
      const found = await this.#store.find(this.#pathOf(name));
      if (typeof found !== "string") {
        if (this.#isIndexPath(context, directory, name)) {
          return this.#send(context, name, found);
        }
        release(found.content);
        return redirectToSlash(context);
      }
    }
    return null;
  }

  #redirects(index: string): boolean {
    return this.#redirectsToSlash && index !== this.#slashlessPage;
  }

  async #fallback(context: RequestContext, segments: readonly string[]): Promise<unknown> {
    const { spaFallback } = this.#settings;
    if (spaFallback === null || !isPagePath(segments)) {
      return NOT_FOUND;
    }
    if (!wantsPage(context)) {
      return NO_PAGE;
    }
    const found = await this.#store.find(this.#pathOf(spaFallback));
    if (typeof found === "string") {
      return NOT_FOUND;
    }
    const response = await this.#send(context, spaFallback, found);
    addVary(response.headers, "accept");
    addVary(response.headers, "sec-fetch-dest");
    return response;
  }

  async #send(context: RequestContext, name: string, found: FoundFile): Promise<LightResponse> {
    const path = this.#pathOf(name);
    return this.#respond(
      name,
      this.#negotiates
        ? await chooseFile(this.#store, { path, name }, found, context, this.#settings)
        : { file: found, coding: null, encodings: NONE, varies: false },
    );
  }

  #respond(name: string, chosen: ChosenFile): LightResponse {
    return fileResponse({
      content: chosen.file.content,
      headers: [...this.#headersOrRelease(name, chosen)],
      acceptsRanges: this.#settings.acceptsRanges,
      encodings: chosen.encodings,
    });
  }

  /** The function of the app for `Cache-Control` may throw, and nobody else knows of the open file by then. */
  #headersOrRelease(name: string, chosen: ChosenFile): readonly string[] {
    try {
      return this.#headers(name, chosen);
    } catch (error) {
      release(chosen.file.content);
      throw error;
    }
  }

  /** What a file in memory says of itself stays the same for as long as it does. */
  #headers(name: string, chosen: ChosenFile): readonly string[] {
    const { notes } = chosen.file;
    // Most have one form only: nothing is put together for them. No name begins with a slash.
    const key = chosen.varies ? `/${name}` : name;
    let headers = notes?.get(key) as readonly string[] | undefined;
    if (headers === undefined) {
      headers = this.#makeHeaders(name, chosen);
      notes?.set(key, headers);
    }
    return headers;
  }

  #makeHeaders(name: string, { file, coding, varies }: ChosenFile): readonly string[] {
    const settings = this.#settings;
    const list = ["content-type", fileType(name), "x-content-type-options", "nosniff"];
    if (settings.hasEtag) {
      const etag = etagOf(file);
      list.push("etag", coding === null ? etag : encodedEtag(etag, coding, false));
    }
    const date = settings.hasLastModified ? fileDate(file.stats) : null;
    if (date !== null) {
      list.push("last-modified", date);
    }
    if (settings.acceptsRanges) {
      list.push("accept-ranges", "bytes");
    }
    const cacheControl = settings.cacheControl(name);
    if (cacheControl !== undefined) {
      list.push("cache-control", cacheControl);
    }
    if (settings.areAttachments) {
      const base = name.slice(name.lastIndexOf("/") + 1);
      list.push("content-disposition", contentDisposition("attachment", base));
    }
    if (varies) {
      list.push("vary", "accept-encoding");
    }
    if (coding !== null) {
      list.push("content-encoding", coding);
    }
    return list;
  }

  #pathOf(name: string): string {
    return this.#settings.isSplit ? `unencoded/${name}` : name;
  }
}

/** With notes it is made once for as long as the file stays the same. */
function etagOf({ content, notes, stats }: FoundFile): string {
  return notes !== null && content instanceof Uint8Array ? contentEtag(content) : fileEtag(stats);
}

/** The path is the canonical one, of segments that name a directory here: it cannot lead to another origin. */
function redirectToSlash(context: RequestContext): LightResponse {
  const location = `${context.mountPath}${context.path}/${context.search}`;
  return LightResponse.withHeaderList(null, ["location", location], 308);
}
