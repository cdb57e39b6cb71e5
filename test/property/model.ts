/**
 * What a request to a tree must lead to, written straight from CONTRACT §2 and §3 and from nothing in `src`:
 * linear scans, plain recursion, the platform's own regexes.
 */
import type { HostSpec, NodeSpec, RequestSpec, RouterSpec } from "./tree-spec.ts";

/** What a client and the handlers can see of an answer. */
export interface Outcome {
  readonly status: number;
  /** The handler that answered: "id GET", "id *", "id mistargeted". */
  readonly by?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly subtreeSegments?: readonly string[];
  readonly subtreeSlash?: boolean;
  readonly allow?: string;
  /** The decoded segments, slash and query that `Location` must have. */
  readonly location?: ModelLocation;
  /** Layers in the order entered. */
  readonly entered: readonly string[];
}

export interface ModelLocation {
  readonly segments: readonly string[];
  readonly slash: boolean;
  readonly search: string;
}

interface ModelPath {
  readonly segments: readonly string[];
  readonly slash: boolean;
  readonly search: string;
}

/** §3.1; `null` is a 400. */
export function parseTarget(target: string): ModelPath | null {
  const [rawPath = "", ...queries] = target.split("?");
  const search = queries.length === 0 ? "" : `?${queries.join("?")}`;
  if (!rawPath.startsWith("/") || /[\\#]/.test(rawPath) || search.includes("#")) {
    return null;
  }
  const parts = rawPath === "/" ? [] : rawPath.split("/").slice(1);
  const slash = parts.at(-1) === "";
  const raw = slash ? parts.slice(0, -1) : parts;
  try {
    const segments = raw.map(decodeURIComponent);
    const isRefused = segments.some((text) => text === "." || text === ".." || text.includes("\0"));
    return isRefused ? null : { segments, slash, search };
  } catch {
    return null;
  }
}

/** §3.7: without port and root dot, in lower case; `null` is a 400. */
export function parseHost(value: string): string | null {
  const match = /^([a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::(\d*))?$/i.exec(value);
  const host = match?.[1]?.toLowerCase().replace(/\.$/, "");
  const isMalformed =
    !host || host.startsWith(".") || host.includes("..") || Number(match?.[2] ?? 0) > 65_535;
  return isMalformed ? null : host;
}

export function answer(router: RouterSpec, request: RequestSpec): Outcome {
  const path = parseTarget(request.target);
  const host = parseHost(request.host);
  if (path === null || host === null) {
    return { status: 400, entered: [] };
  }
  const entered = layerNames("router", "passer", router.layers);
  const found = findHost(router.hosts, host);
  const root = found?.spec.root ?? router.hostless;
  if (root === null) {
    return { status: 404, entered };
  }
  return receive({
    method: request.method,
    path,
    way: [{ node: root, params: found?.params ?? {} }],
    entered,
  });
}

function findHost(hosts: readonly HostSpec[], host: string) {
  const fixed = hosts.find((spec) => spec.value === host);
  if (fixed !== undefined) {
    return { spec: fixed, params: {} };
  }
  for (const spec of hosts) {
    const match = spec.regExp?.exec(host);
    if (match && host.length <= 256) {
      return { spec, params: paramsOf(spec.names, match) };
    }
  }
  return null;
}

interface Step {
  readonly node: NodeSpec;
  /** All that was captured up to and with this node. */
  readonly params: Readonly<Record<string, string>>;
}

interface Progress {
  readonly method: string;
  readonly path: ModelPath;
  /** From the root to the node reached. */
  readonly way: readonly Step[];
  readonly entered: readonly string[];
}

/** The request receiver of the last node on the way. */
function receive(before: Progress): Outcome {
  const { node, params } = before.way.at(-1) as Step;
  const progress = enter(before, node, "receiver");
  const depth = before.way.length - 1;
  const segment = before.path.segments[depth];
  if (segment === undefined) {
    return arrive(progress, node);
  }
  const passing = enter(progress, node, "passer");
  const child = segment === "" ? null : findChild(node, segment);
  if (child === null) {
    return mistarget(passing, passing.way, true);
  }
  const step = { node: child.node, params: { ...params, ...child.params } };
  return receive({ ...passing, way: [...passing.way, step] });
}

/** §3.2 */
function findChild(node: NodeSpec, segment: string): Step | null {
  for (const child of node.children) {
    if (child.segment?.kind === "static" && child.segment.value === segment) {
      return { node: child, params: {} };
    }
  }
  for (const child of node.children) {
    if (child.segment?.kind === "regex" && segment.length <= 256) {
      const match = child.segment.regExp.exec(segment);
      if (match !== null) {
        return { node: child, params: paramsOf(child.segment.names, match) };
      }
    }
  }
  for (const child of node.children) {
    if (child.segment?.kind === "wildcard") {
      return { node: child, params: { [child.segment.name]: segment } };
    }
  }
  return null;
}

/** The table of §2, for a path that ends at `node`. */
function arrive(progress: Progress, node: NodeSpec): Outcome {
  const { path } = progress;
  if (!hasHandler(node)) {
    return mistarget(progress, progress.way, true);
  }
  const isLenient = node.segment === null || node.symbol === "?";
  if (!isLenient && path.slash !== node.slash) {
    if (node.symbol === "!") {
      return mistarget(progress, progress.way, false);
    }
    const location = { segments: path.segments, slash: node.slash, search: path.search };
    return { status: 308, location, entered: progress.entered };
  }
  return handle(progress, progress.way, false);
}

/** §3.4, at the last node of `way`. */
function handle(before: Progress, way: readonly Step[], inSubtree: boolean): Outcome {
  const { node, params } = way.at(-1) as Step;
  const progress = enter(before, node, "requestHandler");
  const exact = node.methods.find((method) => method === progress.method);
  const method =
    exact ?? (progress.method === "HEAD" ? node.methods.find((name) => name === "GET") : undefined);
  const rest = restOf(progress, way, inSubtree);
  if (method !== undefined) {
    const entered = [
      ...progress.entered,
      ...layerNames(node.id, "method", node.layers.method),
      ...layerNames(node.id, `own ${method}`, node.layers.own),
    ];
    return { status: 200, by: `${node.id} ${method}`, params, ...rest, entered };
  }
  const entered = [...progress.entered, ...layerNames(node.id, "wildcardMethod", node.layers.wildcardMethod)];
  if (node.wildcardMethod === "null") {
    return mistarget({ ...progress, entered }, way, false);
  }
  if (node.wildcardMethod === "handler") {
    entered.push(...layerNames(node.id, "own *", node.layers.own));
    return { status: 200, by: `${node.id} *`, params, ...rest, entered };
  }
  const hasHead = node.methods.includes("HEAD");
  const allow = node.methods.flatMap((name) => (name === "GET" && !hasHead ? ["GET", "HEAD"] : [name]));
  return { status: 405, allow: allow.join(", "), entered };
}

/** §3.3; `mayHandle` is whether the last node of `way` may answer as a subtree handler. */
function mistarget(progress: Progress, way: readonly Step[], mayHandle: boolean): Outcome {
  const last = way.at(-1);
  if (last === undefined) {
    return { status: 404, entered: progress.entered };
  }
  const { node, params } = last;
  if (mayHandle && node.isSubtreeHandler && hasHandler(node)) {
    return handle(progress, way, true);
  }
  if (node.hasMistargetedHandler) {
    const entered = [
      ...progress.entered,
      ...layerNames(node.id, "mistargeted", node.layers.mistargeted),
      ...layerNames(node.id, "own mistargeted", node.layers.own),
    ];
    const rest = restOf(progress, way, true);
    return { status: 200, by: `${node.id} mistargeted`, params, ...rest, entered };
  }
  return mistarget(progress, way.slice(0, -1), true);
}

function hasHandler(node: NodeSpec): boolean {
  return node.methods.length > 0 || node.wildcardMethod === "handler";
}

function restOf({ path }: Progress, way: readonly Step[], inSubtree: boolean) {
  const subtreeSegments = inSubtree ? path.segments.slice(way.length - 1) : [];
  return { subtreeSegments, subtreeSlash: inSubtree && subtreeSegments.length > 0 && path.slash };
}

function paramsOf(names: readonly string[], match: RegExpExecArray): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [name, match[index + 1] ?? ""]));
}

function enter(
  progress: Progress,
  node: NodeSpec,
  component: "receiver" | "passer" | "requestHandler",
): Progress {
  const names = layerNames(node.id, component, node.layers[component]);
  return { ...progress, entered: [...progress.entered, ...names] };
}

/** The names that the layers of one component have, outermost first. */
export function layerNames(id: string, component: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${id} ${component} ${index}`);
}
