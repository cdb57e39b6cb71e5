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

/** Where a layer or handler stands, as seen by one request. */
export interface Place {
  readonly node: RouteNode;
  /** Whether what is left of the path must not be taken for another one. */
  readonly isGuarded: boolean;
  /** The last way of the request through it: what is answered in the end is that one's, if a layer further out tried twice. */
  last: object | null;
}

/**
 * Where a request is, as `app.use(path, …)` would tell: the path of the resource, and what is left below it, in the one
 * encoding that everything sees. Middleware that decodes it once sees the segments that the tree has matched.
 */
export function mountOf(context: RequestContext<object>, { node, isGuarded }: Place): Mount {
  const { path } = RequestContext.routeOf(context);
  const rest = path.restFrom(node.depth);
  const { mountPath } = RequestContext.sourceOf(context);
  // Without a slash at its end, as Express has it: `${req.baseUrl}/login` must not begin with two, which name a host.
  const prefix = path.path.slice(0, path.path.length - rest.length).replace(/\/$/, "");
  return {
    url: `${rest === "" ? "/" : isGuarded ? withoutDoubt(rest) : rest}${path.search}`,
    baseUrl: `${mountPath}${prefix}`,
    originalUrl: `${mountPath}${path.path}${path.search}`,
  };
}

/** Has `request` tell where it is. Gives what takes that back. */
export function mount(request: RawRequest, { url, baseUrl, originalUrl }: Mount): () => void {
  const { url: outerUrl, baseUrl: outerBaseUrl } = request;
  // Stays: what logs a request when it is answered looks at it. One of an Express app around the service is kept.
  request.originalUrl ??= originalUrl;
  request.url = url;
  request.baseUrl = baseUrl;
  return () => {
    try {
      request.url = outerUrl;
      request.baseUrl = outerBaseUrl;
    } catch {
      // Middleware has frozen them: that must not keep the request from its answer.
    }
  };
}

/** Finds out where a layer or handler stands when a request first comes to it. */
export type FindPlace = (context: RequestContext) => Place;

/**
 * For one place in a tree. A layer further outside may send a request through once more, which has gone on by then: the
 * place stays what it was.
 *
 * In a subtree a path may have what reaches below another resource for middleware that maps it to files, past what guards
 * that: an empty segment, which no resource has and file systems leave out, and a slash in a segment (`%2F`), which is data
 * here and a separator for whoever decodes the path as a whole. Layers, to most of which the path is nothing, see both
 * encoded once more.
 *
 * @param slashes what a handler does with such slashes; it throws a `NotFoundResourceError` for what it refuses
 */
export function placeFinder(slashes: "encode" | "refuse" | "pass"): FindPlace {
  const places = new WeakMap<RequestContext, Place>();
  return (context) => {
    let place = places.get(context);
    if (place === undefined) {
      const { node, inSubtree } = RequestContext.routeOf(context);
      place = { node, isGuarded: inSubtree && slashes === "encode", last: null };
      if (slashes !== "encode" && isDoubtful(context.subtreeSegments, slashes)) {
        notFound();
      }
      places.set(context, place);
    }
    return place;
  };
}

function isDoubtful(segments: readonly string[], slashes: "refuse" | "pass"): boolean {
  return segments.includes("") || (slashes === "refuse" && segments.some((text) => /[/\\]/.test(text)));
}

/** Decoded once, no segment is empty or has a slash in it. */
function withoutDoubt(rest: string): string {
  return rest.replace(/%(2F|5C)/gi, "%25$1").replace(/\/(?=\/)/g, "/%252F");
}
