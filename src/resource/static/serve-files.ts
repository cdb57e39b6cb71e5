import { release } from "../../data/file/file-content.ts";
import { fileResponse } from "../../data/file/file-response.ts";
import { relativePathOf } from "../../data/file/relative-path.ts";
import { RequestContext } from "../../request/request-context.ts";
import type { RequestSource } from "../../request/request-source.ts";
import { LightResponse } from "../../response/light-response.ts";
import { NOT_FOUND, NotFoundResourceError } from "../../response/routing-errors.ts";
import { RoutingFailure } from "../../response/routing-failure.ts";
import { addVary } from "../../response/vary.ts";
import type { ResourceConfig } from "../resource-config.ts";
import { type ChosenFile, chooseFile } from "./choose-file.ts";
import { type FileHeaders, headersOf } from "./file-headers.ts";
import type { FileStore, FoundFile } from "./file-store.ts";
import { FoundNames } from "./found-names.ts";
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
  readonly #found: FoundNames | null;

  /** @param hasOnePlace whether it answers for one resource alone: below others a path is for another file */
  constructor(
    store: FileStore,
    settings: StaticSettings,
    { endsWithSlash, onUnmatchingSlash }: ResourceConfig,
    hasOnePlace: boolean,
  ) {
    this.#found = hasOnePlace ? new FoundNames() : null;
    this.#store = store;
    this.#settings = settings;
    this.#redirectsToSlash = onUnmatchingSlash !== "drop";
    this.#slashlessPage = endsWithSlash ? null : settings.spaFallback;
    this.#negotiates = settings.precompressed.length > 0 || settings.compress.length > 0;
  }

  /** At once for what is in memory. Of one resource a path alone tells which file it is for: it stays where it is. */
  serve(context: RequestContext): unknown {
    const name = this.#found?.get(context.path);
    return (name === undefined ? null : this.#answerNow(context, name)) ?? this.#find(context);
  }

  #find(context: RequestContext): unknown {
    const segments = context.subtreeSegments;
    const name = relativePathOf(segments, this.#settings.dotfiles);
    if (name === null) {
      return NOT_FOUND;
    }
    const isDirectory = name === "" || context.path.endsWith("/");
    const likely = isDirectory ? this.#likelyIndex(context, name) : name;
    const answer = likely === null || this.#negotiates ? null : this.#answerNow(context, likely);
    if (answer === null) {
      return this.#serveLater(context, segments, name, isDirectory);
    }
    this.#found?.add(context.path, likely as string);
    return answer;
  }

  /** The answer with a file that is in memory and has one form only, or `null`. */
  #answerNow(context: RequestContext, name: string): LightResponse | null {
    const source = RequestContext.sourceOf(context);
    const file = this.#store.findNow(this.#pathOf(name), source.isJustRead);
    if (file === null) {
      return null;
    }
    const chosen = { file, coding: null, encodings: NONE, varies: false };
    const headers = headersOf(name, chosen, this.#settings);
    return headers.notModified !== null && namesCurrent(source, headers.etag)
      ? LightResponse.prepared(headers.notModified, context)
      : this.#respondWith(chosen, headers);
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
    const found = await this.#store.find(this.#pathOf(name), isJustRead(context));
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
      const found = await this.#store.find(this.#pathOf(name), isJustRead(context));
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
    const found = await this.#store.find(this.#pathOf(spaFallback), isJustRead(context));
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
    return this.#respondWith(chosen, this.#headersOrRelease(name, chosen));
  }

  #respondWith({ file, encodings }: ChosenFile, headers: FileHeaders): LightResponse {
    return fileResponse({
      content: file.content,
      headers: [...headers.whole],
      acceptsRanges: this.#settings.acceptsRanges,
      encodings,
    });
  }

  /** The function of the app for `Cache-Control` may throw, and nobody else knows of the open file by then. */
  #headersOrRelease(name: string, chosen: ChosenFile): FileHeaders {
    try {
      return headersOf(name, chosen, this.#settings);
    } catch (error) {
      release(chosen.file.content);
      throw error;
    }
  }

  #pathOf(name: string): string {
    return this.#settings.isSplit ? `unencoded/${name}` : name;
  }
}

function isJustRead(context: RequestContext): boolean {
  return RequestContext.sourceOf(context).isJustRead;
}

/** The path is the canonical one, of segments that name a directory here: it cannot lead to another origin. */
function redirectToSlash(context: RequestContext): LightResponse {
  const location = `${context.mountPath}${context.path}/${context.search}`;
  return LightResponse.withHeaderList(null, ["location", location], 308);
}

/**
 * Whether the client has what is there, said as most do: by its one tag, and without a condition that goes before
 * (RFC 9110 §13.2.2). Whatever else may be said is for those who look at it closely.
 */
function namesCurrent(source: RequestSource, etag: string | null): boolean {
  return (
    etag !== null &&
    source.header("if-none-match") === etag &&
    source.header("if-match") === undefined &&
    source.header("if-unmodified-since") === undefined
  );
}
