import {
  _get,
  _methodHandler,
  _requestHandler,
  _requestPasser,
  _requestReceiver,
  type Handler,
  type Layer,
  Resource,
  Router,
  type Service,
} from "argania";

/** A service with layers, the first one outermost, around `handler` at `/a`, or at `/b` where nothing is. */
export const places: Record<string, (layers: Layer[], handler: Handler) => Service> = {
  handler: (layers, handler) => tree((a) => a.setHandlerFor(_get.wrappedIn(...layers).to(handler))),
  "method handler": (layers, handler) => {
    return tree((a) => {
      a.setHandlerFor(_get.to(handler));
      a.addLayerTo(_methodHandler("GET", layers));
    });
  },
  "request handler": (layers, handler) => {
    return tree((a) => {
      a.setHandlerFor(_get.to(handler));
      a.addLayerTo(_requestHandler(layers));
    });
  },
  receiver: (layers, handler) => {
    return tree((a) => {
      a.setHandlerFor(_get.to(handler));
      a.addLayerTo(_requestReceiver(layers));
    });
  },
  passer: (layers, handler) => {
    return tree((a, root) => {
      a.setHandlerFor(_get.to(handler));
      root.addLayerTo(_requestPasser(layers));
    });
  },
  "one on each component": ([outer, inner, ...others], handler) => {
    return tree((a, root) => {
      a.setHandlerFor(_get.wrappedIn(...others).to(handler));
      root.addLayerTo(_requestReceiver(outer as Layer));
      a.addLayerTo(_requestReceiver(inner as Layer));
    });
  },
  router: (layers, handler) => {
    const router = new Router();
    const root = new Resource("/");
    root.subresource("/a").setHandlerFor(_get.to(handler));
    router.addResource(root);
    router.addLayerTo(_requestPasser(layers));
    return router.intoService();
  },
};

export function tree(fill: (a: Resource, root: Resource) => void): Service {
  const root = new Resource("/");
  fill(root.subresource("/a") as unknown as Resource, root);
  return root.intoService();
}
