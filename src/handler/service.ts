import type { MaybePromise } from "../common/maybe-promise.ts";
import { chain } from "../common/maybe-promise.ts";
import { BodyMemory } from "../request/body-memory.ts";
import type { ReportFailure } from "../request/request-source.ts";
import { forwardedReader } from "../request/trusted-proxies.ts";
import { WebSource } from "../request/web-source.ts";
import { linkToPlatform } from "../response/link-to-platform.ts";
import { answerWeb, type WebAnswering } from "./answer-web.ts";
import { contextScope } from "./current-context.ts";
import { keepTicksFast } from "./fast-ticks.ts";
import { fetchOnly } from "./fetch-only.ts";
import { inProcessRequest, type ServiceRequestInit } from "./in-process-request.ts";
import { consoleLogger, reportTo } from "./logger.ts";
import { describeAsText, type NodeDescription } from "./node-description.ts";
import { type NodeEntrance, nodeEntrance } from "./node-entrance.ts";
import { type ExecutionContext, RuntimeConnection, type ServiceParts } from "./runtime-connection.ts";
import { assertServiceOptions, type ServiceOptions } from "./service-options.ts";
import type { ServiceRoot } from "./service-root.ts";
import { tracedRoot } from "./traced-root.ts";

/** A finished tree, ready to serve on any runtime. All functions may be passed on without their service. */
export interface Service extends NodeEntrance {
  /** The web-standard handler: `export default { fetch: service.fetch }`. Never rejects. */
  readonly fetch: (
    request: Request,
    env?: unknown,
    executionContext?: ExecutionContext,
  ) => MaybePromise<Response>;
  /**
   * Requests in process, for tests: the path goes to the router exactly as it is written. Rejects with a `TypeError` for
   * options that there are not, such as `json`, which `testClient` of `argania/testing` has.
   */
  readonly request: (pathOrUrl: string | URL, init?: ServiceRequestInit) => Promise<Response>;
  /** The tree as data. */
  readonly describe: () => NodeDescription;
  /** The tree as text, one node a line. */
  toString(): string;
}

/** Puts a service in front of a final tree. */
export function serviceOf(tree: ServiceRoot, options: ServiceOptions = {}): Service {
  assertServiceOptions(options);
  linkToPlatform();
  keepTicksFast();
  const root = tracedRoot(tree);
  const scope = options.asyncContext === true ? contextScope() : null;
  const logger = options.logger ?? consoleLogger;
  const mountPath = options.mountPath ?? "";
  const bodyMemory = new BodyMemory(options.bodyMemoryLimit);
  const readForwarded = options.trustedProxies === undefined ? null : forwardedReader(options.trustedProxies);
  const reportFailure: ReportFailure = (err, message) => reportTo(logger, { err }, message);

  const parts: ServiceParts = { reportFailure, bodyMemory, mountPath };
  const answering: WebAnswering = { root, logger, readForwarded, scope };
  const answer = (source: WebSource): MaybePromise<Response> => answerWeb(source, answering);

  // A bundler that is told the answer leaves out what serves Node: a seventh of the smallest app (decision 28).
  const entrance =
    (globalThis as BundlerFlags).ARGANIA_FETCH_ONLY === true
      ? fetchOnly()
      : nodeEntrance({ root, logger, readForwarded, bodyMemory, mountPath, scope });

  const service: Omit<Service, keyof NodeEntrance> = {
    fetch: (request: Request, env?: unknown, executionContext?: ExecutionContext) =>
      answer(new WebSource(request, new RuntimeConnection(request, env, executionContext, parts))),
    request: async (pathOrUrl: string | URL, init?: ServiceRequestInit) =>
      chain(inProcessRequest(pathOrUrl, init, parts), answer),
    describe: () => root.describe(),
    toString: () => describeAsText(root.describe()),
  };
  return Object.freeze(Object.assign(entrance, service));
}

/** Constants that only bundlers define: `define: { "globalThis.ARGANIA_FETCH_ONLY": "true" }`. */
interface BundlerFlags {
  readonly ARGANIA_FETCH_ONLY?: boolean;
}
