import { RootDirectory } from "../../data/file/root-directory.ts";
import { _get } from "../../handler/handler-kinds.ts";
import type { ParamsOf } from "../../pattern/params.ts";
import { parseResourcePattern } from "../../pattern/resource-pattern.ts";
import type { RequestContext } from "../../request/request-context.ts";
import { NOT_FOUND } from "../../response/routing-errors.ts";
import { Resource } from "../resource.ts";
import { configOf, type ResourceConfig } from "../resource-config.ts";
import { FileStore } from "./file-store.ts";
import { FileServer } from "./serve-files.ts";
import { type StaticFilesOptions, type StaticSettings, staticSettings } from "./static-options.ts";

/**
 * The files of a directory, as a resource that answers for everything below it. Subresources that are added to it go
 * before its files.
 *
 * - `GET` and `HEAD`; other methods are 405. Conditions and ranges are answered as by a `FileStream`.
 * - Files are looked up by decoded segments. Names that begin with a dot, end with a dot or a space, or hold a
 *   separator, `:` or NUL are not found; nor is what is no regular file, or lies outside once links are followed.
 * - A directory is answered with its `index.html`, at its path with a slash; there are no listings. Where `index.html` is
 *   the `spaFallback`, too, it answers for the resource itself with and without a slash.
 * - `cacheControl` is `"no-cache"` unless told otherwise, and a year for hashed names with `immutable`.
 * - `precompressed` sends `app.js.br` for `app.js` to clients that take it, `compress` compresses while sending.
 * - Small files are kept in memory, and compared with the file system for each request, or after `revalidateAfter`. Requests
 *   that a `Server` reads in one turn of the event loop share one look, which is never older than a millisecond.
 *
 * @example
 * ```ts
 * root.addSubresource(new StaticFiles("/assets", "public", { immutable: true, precompressed: true }).intoResource());
 * const app = new StaticFiles("/", "dist", { spaFallback: "index.html" }).intoResource();
 * ```
 * Source: argan, `StaticFiles`.
 */
export class StaticFiles<Pattern extends string = string> {
  readonly #pattern: Pattern;
  readonly #root: RootDirectory;
  readonly #settings: StaticSettings;

  /**
   * @param pattern of the resource; it handles its subtree, with `*` or without
   * @param directory a path, relative to the working directory, or a `file:` URL
   *
   * Throws a `StaticFilesError` (`ARGANIA_STATIC_FILES`) for what is no directory, for wrong options, and for a
   * `spaFallback` that is not there.
   */
  constructor(pattern: Pattern, directory: string | URL, options: StaticFilesOptions = {}) {
    this.#settings = staticSettings(options);
    this.#root = new RootDirectory(directory, this.#settings.followsLinks);
    const { spaFallback, isSplit } = this.#settings;
    if (spaFallback !== null) {
      this.#root.assertFile("spaFallback", isSplit ? `unencoded/${spaFallback}` : spaFallback);
    }
    this.#pattern = pattern;
  }

  /** A new resource, to which layers, handlers for other methods and subresources can be added. */
  intoResource(): Resource<Pattern, ParamsOf<Pattern>> {
    const resource = new Resource<Pattern>(this.#pattern);
    const node = Resource.nodeOf(resource as never);
    node.config = subtreeConfig(node.config);
    node.hasExplicitConfig = true;
    const server = this.#serverFor(node.config, true);
    resource.setHandlerFor(_get.to((context) => server.serve(context as never) as object) as never);
    return resource;
  }

  /**
   * A handler for requests that no other resource takes, where the resource has a `GET` handler of its own: files at the
   * paths below it. It answers `GET` and `HEAD`; what is asked otherwise, or has no file, is not found (404). As a `GET` handler it is of no
   * use, since directories have a slash at their end, which a resource of its own would take away again.
   *
   * @example
   * ```ts
   * const files = new StaticFiles("/", "public");
   * root.setHandlerFor(_get.to(() => "Home"), _mistargetedRequest.to(files.intoHandler()));
   * ```
   */
  intoHandler(): (context: RequestContext<object>) => object {
    const server = this.#serverFor(configOf(parseResourcePattern(this.#pattern)), false);
    return (context) =>
      context.method === "GET" || context.method === "HEAD"
        ? (server.serve(context as RequestContext) as object)
        : NOT_FOUND;
  }

  #serverFor(config: ResourceConfig, hasOnePlace: boolean): FileServer {
    const store = new FileStore(this.#root, this.#settings);
    return new FileServer(store, this.#settings, config, hasOnePlace);
  }
}

/**
 * A directory has a slash at its end if it has a page of its own: its resource must take both forms, or it would send
 * clients back and forth.
 */
function subtreeConfig({ endsWithSlash, onUnmatchingSlash }: ResourceConfig): ResourceConfig {
  const handlesBoth = onUnmatchingSlash === "redirect" && !endsWithSlash;
  return {
    endsWithSlash,
    onUnmatchingSlash: handlesBoth ? "handle" : onUnmatchingSlash,
    isSubtreeHandler: true,
  };
}
