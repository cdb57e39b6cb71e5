import { describeValue } from "../../common/describe-value.ts";
import type { Service } from "../../handler/service.ts";

/** What is used of a request of Fastify. */
export interface FastifyRequestLike {
  readonly raw: object;
}

/** What is used of a reply of Fastify. */
export interface FastifyReplyLike {
  readonly raw: object;
  hijack(): unknown;
  getHeaders(): Readonly<Record<string, unknown>>;
}

/** What is used of an instance of Fastify, spelled out so that users need not have it. */
export interface FastifyLike {
  readonly prefix: string;
  readonly supportedMethods: readonly string[];
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(
    contentType: string,
    parser: (request: unknown, payload: unknown, done: (error: null) => void) => void,
  ): unknown;
  route(options: {
    readonly method: string[];
    readonly url: string;
    readonly handler: (request: FastifyRequestLike, reply: FastifyReplyLike) => void;
  }): unknown;
}

/** A plugin of Fastify, for `app.register(plugin, { prefix: "/api" })`. */
export type FastifyPlugin = (instance: FastifyLike, options: object, done: () => void) => void;

/**
 * Serves a tree inside of a Fastify app. Fastify leaves paths as they are: give the root of the tree the path that the
 * plugin is registered under, `new Resource("/api")`, and redirects, `context.url` and `href()` are right.
 *
 * Fastify's `onRequest` to `preHandler` hooks run before the service. It reads no body: the bodies of these routes are
 * the service's. Headers that hooks have set are sent with the service's own, which win. Everything below the prefix is
 * the service's to answer, its 404 included.
 *
 * Throws a `TypeError` for what is no service.
 *
 * @example
 * ```ts
 * const api = new Resource("/api");
 * api.subresource("/hello").setHandlerFor(_get.to(() => "Hello"));
 * await app.register(fastifyPlugin(api.intoService()), { prefix: "/api" });
 * ```
 */
export function fastifyPlugin(service: Pick<Service, "nodeListener">): FastifyPlugin {
  const listener = (service as Partial<Service> | null | undefined)?.nodeListener;
  if (typeof listener !== "function") {
    throw new TypeError(
      `fastifyPlugin takes a service, not ${describeValue(service)}: write fastifyPlugin(root.intoService()).`,
    );
  }
  const serve = listener as (request: object, response: object) => void;
  return (instance, _options, done) => {
    // In this plugin's own scope only. What is not parsed stays in the socket until the service reads it.
    instance.removeAllContentTypeParsers();
    instance.addContentTypeParser("*", (_request, _payload, parsed) => parsed(null));
    const handler = (request: FastifyRequestLike, reply: FastifyReplyLike) => {
      copyHeaders(reply);
      reply.hijack();
      serve(request.raw, reply.raw);
    };
    const method = [...instance.supportedMethods];
    instance.route({ method, url: "/", handler });
    instance.route({ method, url: "/*", handler });
    done();
  };
}

/** Fastify keeps the headers of its hooks to itself until it sends a reply, which it never does here. */
function copyHeaders(reply: FastifyReplyLike): void {
  const raw = reply.raw as { setHeader(name: string, value: unknown): void };
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) {
      raw.setHeader(name, value);
    }
  }
}
