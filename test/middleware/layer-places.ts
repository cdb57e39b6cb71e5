import {
  _get,
  _methodHandler,
  _mistargetedRequest,
  _mistargetedRequestHandler,
  type _post,
  _requestHandler,
  _requestPasser,
  _requestReceiver,
  type Handler,
  identity,
  type Layer,
  type Property,
  Resource,
  Router,
  type Service,
  type ServiceOptions,
} from "argania";

/** The methods that `handler` answers; all of them where it is that of mistargeted requests. */
type Kind = typeof _get | typeof _post;

export interface PlaceOptions extends ServiceOptions {
  /** Options of the whole tree. */
  readonly properties?: readonly Property[];
}

export type MakePlace = (layers: Layer[], handler: Handler, kind?: Kind, options?: PlaceOptions) => Service;

/** A service with layers, the first one outermost, around `handler` at `/a`, or at `/b` where nothing is. */
export const places: Record<string, MakePlace> = {
  handler: (layers, handler, kind = _get, options) =>
    tree((a) => a.setHandlerFor(kind.wrappedIn(...layers).to(handler)), options),
  "method handler": (layers, handler, kind = _get, options) =>
    tree((a) => {
      a.setHandlerFor(kind.to(handler));
      a.addLayerTo(_methodHandler(kind === _get ? "GET" : "POST", layers));
    }, options),
  "request handler": (layers, handler, kind = _get, options) =>
    tree((a) => {
      a.setHandlerFor(kind.to(handler));
      a.addLayerTo(_requestHandler(layers));
    }, options),
  receiver: (layers, handler, kind = _get, options) =>
    tree((a) => {
      a.setHandlerFor(kind.to(handler));
      a.addLayerTo(_requestReceiver(layers));
    }, options),
  passer: (layers, handler, kind = _get, options) =>
    tree((a, root) => {
      a.setHandlerFor(kind.to(handler));
      root.addLayerTo(_requestPasser(layers));
    }, options),
  "one on each component": ([outer, inner, ...others], handler, kind = _get, options) =>
    tree((a, root) => {
      a.setHandlerFor(kind.wrappedIn(...others).to(handler));
      root.addLayerTo(_requestReceiver(outer as Layer));
      a.addLayerTo(_requestReceiver(inner ?? identity));
    }, options),
  "mistargeted-request handler": (layers, handler, _kind, options) =>
    tree((a) => {
      a.setHandlerFor(_mistargetedRequest.to(handler));
      a.addLayerTo(_mistargetedRequestHandler(layers));
    }, options),
  router: (layers, handler, kind = _get, { properties = [], ...options } = {}) => {
    const router = new Router();
    const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
    root.subresource("/a").setHandlerFor(kind.to(handler));
    router.addResource(root);
    router.addLayerTo(_requestPasser(layers)).setProperty(...properties);
    return router.intoService(options);
  },
};

export function tree(
  fill: (a: Resource, root: Resource) => void,
  { properties = [], ...options }: PlaceOptions = {},
): Service {
  const root = new Resource("/").setProperty(...properties).setHandlerFor(_get.to(() => "root"));
  fill(root.subresource("/a") as unknown as Resource, root as unknown as Resource);
  return root.intoService(options);
}
