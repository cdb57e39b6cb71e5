import {
  _get,
  _head,
  _method,
  _methodHandler,
  _mistargetedRequest,
  _mistargetedRequestHandler,
  _post,
  _requestHandler,
  _requestPasser,
  _requestReceiver,
  _wildcardMethod,
  _wildcardMethodHandler,
  Host,
  type Layer,
  type MethodHandler,
  type RequestContext,
  Resource,
  Router,
  respond,
  type Service,
} from "argania";
import { layerNames } from "./model.ts";
import type { NodeSpec, RouterSpec } from "./tree-spec.ts";

/** Makes the layer with a name. */
export type MakeLayer = (name: string) => Layer;

/** What a handler tells of itself, in the header `x-answer`. */
export interface Answer {
  readonly by: string;
  readonly params: Readonly<Record<string, string>>;
  readonly path: string;
  readonly subtreePath: string;
  readonly subtreeSegments: readonly string[];
}

/** The framework's form of a generated router. */
export function buildService(spec: RouterSpec, makeLayer: MakeLayer): Service {
  const router = new Router();
  router.addLayerTo(_requestPasser(layerNames("router", "passer", spec.layers).map(makeLayer)));
  for (const { pattern, root } of spec.hosts) {
    router.addHost(new Host(pattern, buildNode(root, makeLayer)));
  }
  if (spec.hostless !== null) {
    router.addResource(buildNode(spec.hostless, makeLayer));
  }
  return router.intoService({ logger: { error: () => {} } });
}

export function patternOf({ segment, slash, symbol, isSubtreeHandler }: NodeSpec): string {
  const symbols = `${symbol}${isSubtreeHandler ? "*" : ""}`;
  return `/${segment?.pattern ?? ""}${slash ? "/" : ""}${symbols && ` ${symbols}`}`;
}

function buildNode(spec: NodeSpec, makeLayer: MakeLayer): Resource {
  const resource = new Resource(patternOf(spec));
  resource.setHandlerFor(handlersOf(spec, makeLayer));
  addLayers(resource, spec, makeLayer);
  resource.addSubresource(spec.children.map((child) => buildNode(child, makeLayer)));
  return resource;
}

const KINDS = { GET: _get, HEAD: _head, POST: _post, PURGE: _method("PURGE") };

function handlersOf(spec: NodeSpec, makeLayer: MakeLayer): MethodHandler[] {
  const { id, layers } = spec;
  const own = (name: string) => layerNames(id, `own ${name}`, layers.own).map(makeLayer);
  const handlers = spec.methods.map((method) =>
    KINDS[method as keyof typeof KINDS].to(answering(`${id} ${method}`)).wrappedIn(...own(method)),
  );
  if (spec.wildcardMethod === "handler") {
    handlers.push(_wildcardMethod.to(answering(`${id} *`)).wrappedIn(...own("*")));
  } else if (spec.wildcardMethod === "null") {
    handlers.push(_wildcardMethod.to(null));
  }
  if (spec.hasMistargetedHandler) {
    handlers.push(_mistargetedRequest.to(answering(`${id} mistargeted`)).wrappedIn(...own("mistargeted")));
  }
  return handlers;
}

function addLayers(resource: Resource, { id, layers, ...spec }: NodeSpec, makeLayer: MakeLayer): void {
  const named = (component: keyof typeof layers) =>
    layerNames(id, component, layers[component]).map(makeLayer);
  resource.addLayerTo(
    _requestReceiver(named("receiver")),
    _requestPasser(named("passer")),
    _requestHandler(named("requestHandler")),
    _methodHandler(spec.methods, named("method")),
    _wildcardMethodHandler(named("wildcardMethod")),
  );
  // Layers alone would make this node one that answers mistargeted requests.
  if (spec.hasMistargetedHandler) {
    resource.addLayerTo(_mistargetedRequestHandler(named("mistargeted")));
  }
}

function answering(by: string) {
  return (context: RequestContext) => {
    const { params, path, subtreePath, subtreeSegments } = context;
    const answer: Answer = { by, params, path, subtreePath, subtreeSegments };
    return respond({ "x-answer": encodeURIComponent(JSON.stringify(answer)) }, by);
  };
}

export function answerOf(response: Pick<Response, "headers">): Answer | null {
  const header = response.headers.get("x-answer");
  return header === null ? null : (JSON.parse(decodeURIComponent(header)) as Answer);
}
