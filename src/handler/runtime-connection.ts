import type { BodyMemory } from "../request/body-memory.ts";
import type { ReportFailure } from "../request/request-source.ts";
import type { WebConnection } from "../request/web-source.ts";

/** What Workers pass as the third argument of `fetch`. */
export interface ExecutionContext {
  waitUntil(promise: Promise<unknown>): void;
}

/** What the requests of one service have in common. */
export interface ServiceParts {
  readonly reportFailure: ReportFailure;
  readonly bodyMemory: BodyMemory;
  readonly mountPath: string;
}

/** What Bun (`server.requestIP`), Deno (`info.remoteAddr`) and `@hono/node-server` pass beside the request tells the peer's address. */
interface RuntimeInfo {
  readonly remoteAddr?: { readonly hostname?: string };
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } };
  requestIP?(request: Request): { readonly address: string } | null;
}

/** What a runtime has passed to `fetch`. A class, since each request needs one: nothing is made that is not asked for. */
export class RuntimeConnection implements WebConnection {
  readonly env: unknown;
  readonly #request: Request;
  readonly #executionContext: ExecutionContext | undefined;
  readonly #service: ServiceParts;

  constructor(
    request: Request,
    env: unknown,
    executionContext: ExecutionContext | undefined,
    service: ServiceParts,
  ) {
    this.env = env;
    this.#request = request;
    this.#executionContext = executionContext;
    this.#service = service;
  }

  get reportFailure(): ReportFailure {
    return this.#service.reportFailure;
  }

  get bodyMemory(): BodyMemory {
    return this.#service.bodyMemory;
  }

  get mountPath(): string {
    return this.#service.mountPath;
  }

  waitUntil(promise: Promise<unknown>): void {
    this.#executionContext?.waitUntil(promise);
  }

  remoteAddress(): string {
    const { env } = this;
    const info = (typeof env === "object" && env !== null ? env : {}) as RuntimeInfo;
    const address =
      typeof info.requestIP === "function"
        ? info.requestIP(this.#request)?.address
        : (info.remoteAddr?.hostname ?? info.incoming?.socket?.remoteAddress);
    return address ?? "";
  }
}
