import type { RequestContext } from "../../request/request-context.ts";
import type { HttpModule, RawRequest } from "./node-http.ts";

const CONTEXT = Symbol("context");

interface Dressed {
  [CONTEXT]?: RequestContext;
}

let prototype: object | null = null;

/**
 * Gives a request what middleware for Express expects of it: `req.ip`, `req.protocol`, `req.get()` and their like, as the
 * context has them, trusted proxies included. An Express app that it comes to puts its own prototype there, as it always does.
 */
export function dressRequest(http: HttpModule, request: RawRequest, context: RequestContext): void {
  (request as Dressed)[CONTEXT] = context;
  const plain = http.IncomingMessage.prototype;
  prototype ??= Object.create(plain, DESCRIPTORS) as object;
  if (Object.getPrototypeOf(request) === plain) {
    Object.setPrototypeOf(request, prototype);
  }
}

function contextOf(request: object): RequestContext {
  return (request as Dressed)[CONTEXT] as RequestContext;
}

/** Middleware asks for `trust proxy` and the like, which are the service's to know. */
const APP = Object.freeze({ get: () => undefined, enabled: () => false, disabled: () => true, locals: {} });

const METHODS = {
  get(this: RawRequest, name: string): string | string[] | undefined {
    const key = String(name).toLowerCase();
    return key === "referer" || key === "referrer"
      ? (this.headers.referrer ?? this.headers.referer)
      : this.headers[key];
  },
};

const GETTERS: Readonly<Record<string, (context: RequestContext, request: RawRequest) => unknown>> = {
  app: () => APP,
  ip: ({ peerAddress }) => peerAddress,
  ips: () => [],
  protocol: ({ scheme }) => scheme,
  secure: ({ scheme }) => scheme === "https",
  hostname: ({ host }) => host,
  host: ({ url }) => url.host,
  path: (_, { url = "/" }) => url.split("?", 1)[0],
  query: ({ query }) => objectOf(query),
  xhr: (_, { headers }) => String(headers["x-requested-with"]).toLowerCase() === "xmlhttprequest",
};

const DESCRIPTORS: PropertyDescriptorMap = {
  get: { value: METHODS.get, writable: true, configurable: true },
  header: { value: METHODS.get, writable: true, configurable: true },
  ...Object.fromEntries(Object.entries(GETTERS).map(([name, get]) => [name, settable(name, get)])),
};

/** Middleware may put its own value there, as on any object. */
function settable(
  name: string,
  get: (context: RequestContext, request: RawRequest) => unknown,
): PropertyDescriptor {
  return {
    configurable: true,
    get(this: RawRequest) {
      return get(contextOf(this), this);
    },
    set(this: RawRequest, value: unknown) {
      Object.defineProperty(this, name, { value, writable: true, configurable: true, enumerable: true });
    },
  };
}

function objectOf(query: URLSearchParams): Record<string, string | string[]> {
  const object: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of query) {
    const before = object[name];
    object[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return object;
}
