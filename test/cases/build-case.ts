import {
  _method,
  _wildcardMethod,
  type AnyResource,
  Host,
  type RequestContext,
  Resource,
  Router,
  respond,
  type Service,
} from "argania";
import type { ArganCase, Report, TreeEntry } from "./case-types.ts";

/** Builds the service of a case from its list of resources. */
export function buildFromTree({ service = "router", tree = [] }: ArganCase): Service {
  switch (service) {
    case "router":
      return new Router()
        .addResource(tree.map((entry) => withHandlers(new Resource(entry.pattern), entry)))
        .intoService();
    case "resource":
      return ownTree(tree).intoService();
    case "host": {
      const host = /^https?:\/\/([^/]+)/.exec(tree[0]?.pattern ?? "")?.[1] as string;
      return new Host(host, ownTree(tree)).intoService();
    }
  }
}

/** The first entry is the service; the others come below it. */
function ownTree(tree: readonly TreeEntry[]): Resource {
  const [first, ...others] = tree.map((entry) => {
    const path = entry.pattern.replace(/^https?:\/\/[^/]*/, "");
    return withHandlers(new Resource(path), entry);
  });
  return (first as Resource).addSubresource(others);
}

/** Builds a case from its steps, in the order in which a user would write them. */
export function buildFromSteps(steps: readonly (readonly unknown[])[]): Service {
  const router = new Router();
  let resource: Resource | undefined;
  for (const [step, uri, detail] of steps as readonly [string, string, never][]) {
    const handled = () => withHandlers(new Resource(uri), { pattern: uri, methods: [detail as string] });
    switch (step) {
      case "resource":
        resource = new Resource(uri);
        break;
      case "sub":
        resource?.subresource(uri);
        break;
      case "handler":
        withHandlers((resource as Resource).subresource(uri), { pattern: uri, methods: [detail as string] });
        break;
      case "add":
        resource?.addSubresource(new Resource(uri));
        break;
      case "addWithHandler":
        resource?.addSubresource(handled());
        break;
      case "addTree":
        resource?.addSubresource(treeOf(uri, detail as readonly string[]));
        break;
      case "routerAddWithHandler":
        router.addResource(handled());
        break;
      case "routerResourceWithHandler":
        withHandlers(router.resource(uri), { pattern: uri, methods: [detail as string] });
        break;
      default:
        throw new Error(`Unknown step ${step}`);
    }
  }
  return (resource === undefined ? router : router.addResource(resource)).intoService();
}

/** `"/c GET"` is a child with a handler. */
function treeOf(uri: string, children: readonly string[]): Resource {
  const tree = new Resource(uri);
  for (const child of children) {
    const [path = "", method = "GET"] = child.split(" ");
    withHandlers(tree.subresource(path), { pattern: `${uri}${path}`, methods: [method] });
  }
  return tree;
}

function withHandlers<T extends AnyResource>(
  resource: T,
  { pattern, methods, wildcardMethod }: TreeEntry,
): T {
  const report = (method: string) => (context: RequestContext) => {
    const told: Report = {
      handledBy: pattern,
      handlerMethod: method,
      params: { ...context.params },
      rest: context.subtreePath,
    };
    return respond({ "x-report": encodeURIComponent(JSON.stringify(told)) }, "handled");
  };
  const untyped = resource as unknown as Resource;
  for (const method of methods) {
    untyped.setHandlerFor(_method(method).to(report(method)));
  }
  if (wildcardMethod !== undefined) {
    untyped.setHandlerFor(_wildcardMethod.to(wildcardMethod === "custom" ? report("*") : null));
  }
  return resource;
}
