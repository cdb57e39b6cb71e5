import { RequestContext } from "../../request/request-context.ts";
import type { RouteNode } from "../../request/route.ts";
import type { RawRequest } from "./node-http.ts";
import { notFound } from "./not-found.ts";

/** What Express tells of the place that middleware stands at. */
export interface Mount {
  readonly url: string;
  readonly baseUrl: string;
  readonly originalUrl: string;
}

/**
 * Where a request is, as `app.use(path, …)` would tell: the path of the resource, and what is left below it, in the one
 * encoding that everything sees. Middleware that decodes it once sees the segments that the tree has matched.
 */
export function mountOf(context: RequestContext<object>, node: RouteNode): Mount {
  const { path } = RequestContext.routeOf(context);
  const rest = path.restFrom(node.depth);
  const { mountPath } = RequestContext.sourceOf(context);
  const prefix = path.path.slice(0, path.path.length - rest.length);
  return {
    url: `${rest === "" ? "/" : rest}${path.search}`,
    baseUrl: `${mountPath}${prefix}`,
    originalUrl: `${mountPath}${path.path}${path.search}`,
  };
}

/** Has `request` tell where it is. Gives what takes that back. */
export function mount(request: RawRequest, { url, baseUrl, originalUrl }: Mount): () => void {
  const outer = { url: request.url, baseUrl: request.baseUrl };
  // Stays: what logs a request when it is answered looks at it. One of an Express app around the service is kept.
  request.originalUrl ??= originalUrl;
  request.url = url;
  request.baseUrl = baseUrl;
  return () => Object.assign(request, outer);
}

/**
 * Refuses what a subtree must not hand on: middleware for files would reach with it what is below another resource, past
 * what guards that. An empty segment is one that no resource has, and that file systems leave out. A slash in a segment
 * (`%2F`) is data here, and a separator for whoever decodes the path as a whole.
 *
 * Throws a `NotFoundResourceError` (`ARGANIA_NOT_FOUND_RESOURCE`).
 */
export function refuseAmbiguous(context: RequestContext<object>, mayHaveSlashes = false): void {
  const { subtreeSegments } = context;
  if (
    subtreeSegments.includes("") ||
    (!mayHaveSlashes && subtreeSegments.some((text) => /[/\\]/.test(text)))
  ) {
    notFound();
  }
}
