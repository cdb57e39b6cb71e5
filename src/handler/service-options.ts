import { DefinitionError } from "../common/definition-error.ts";
import { MOUNT_PATH } from "../request/mount-path.ts";
import type { TrustedProxies } from "../request/trusted-proxies.ts";
import type { Logger } from "./logger.ts";

export interface ServiceOptions {
  /** Where failures are reported; standard error by default. */
  readonly logger?: Logger;
  /** The proxies whose `X-Forwarded-*` or `Forwarded` headers count; none by default. */
  readonly trustedProxies?: TrustedProxies;
  /**
   * How many bytes the bodies that extractors read may take at a time, those of all requests together, until their requests
   * are answered; `Infinity` is without limit. JSON counts six times, since its values take more than its text, and bodies
   * of 16 KiB and less do not count. A body that finds no room is a 503 (`ARGANIA_BODY_MEMORY`); one that is alone always
   * has room. Default: a sixteenth of the heap that Node may use (`--max-old-space-size`), 32 MiB where that is not known.
   */
  readonly bodyMemoryLimit?: number;
  /**
   * The path that whoever has mounted the service cuts off in front of every path, as `app.mount("/api", …)` of Hono does:
   * `"/api"`. Redirects and `context.url` have it in front again. Connect and Express tell it themselves. Default: none.
   */
  readonly mountPath?: string;
  /**
   * Whether `currentContext()` gives the request that is being answered, anywhere in the code. It costs some time for each
   * request, and on Node before 24 for each promise (`AsyncLocalStorage`). Default: false.
   */
  readonly asyncContext?: boolean;
}

/** An option of `intoService()` that is unknown or of the wrong kind. */
export class ServiceOptionError extends DefinitionError {
  readonly code = "ARGANIA_SERVICE_OPTION";

  constructor(problem: string) {
    super(
      `${problem} Options are { logger: { error(details, message) }, trustedProxies: { peers: [...], header }, bodyMemoryLimit: bytes, mountPath: "/path", asyncContext: true }.`,
      [],
    );
  }
}

const HEADERS: ReadonlySet<unknown> = new Set([undefined, "x-forwarded", "forwarded"]);

/**
 * Refuses what would be ignored in silence: a misspelt header would believe what clients send, a logger without
 * `error` would hide every failure.
 *
 * Throws a `ServiceOptionError` (`ARGANIA_SERVICE_OPTION`).
 */
export function assertServiceOptions(options: ServiceOptions): void {
  const { logger, trustedProxies, bodyMemoryLimit, mountPath, asyncContext, ...unknown } = options;
  const [name] = Object.keys(unknown);
  if (name !== undefined) {
    throw new ServiceOptionError(`There is no option "${name}".`);
  }
  if (logger !== undefined && typeof (logger as Partial<Logger> | null)?.error !== "function") {
    throw new ServiceOptionError("The logger has no error(details, message).");
  }
  if (bodyMemoryLimit !== undefined && !isByteCount(bodyMemoryLimit)) {
    throw new ServiceOptionError("bodyMemoryLimit is a number of bytes from 1 on, or Infinity.");
  }
  if (mountPath !== undefined && !isMountPath(mountPath)) {
    throw new ServiceOptionError(
      'mountPath is a path in front of the service\'s own, percent-encoded and without a slash at its end: "/api".',
    );
  }
  if (asyncContext !== undefined && typeof asyncContext !== "boolean") {
    throw new ServiceOptionError("asyncContext is true or false.");
  }
  if (trustedProxies !== undefined) {
    assertTrustedProxies(trustedProxies);
  }
}

/** With 0 no body of any length could be read. */
function isByteCount(value: number): boolean {
  return value === Number.POSITIVE_INFINITY || (Number.isSafeInteger(value) && value > 0);
}

/** Dot segments would lead elsewhere. */
function isMountPath(value: unknown): boolean {
  return (
    typeof value === "string" &&
    MOUNT_PATH.test(value) &&
    new URL(value, "http://localhost").pathname === value
  );
}

function assertTrustedProxies({ peers, header, ...unknown }: TrustedProxies): void {
  const [name] = Object.keys(unknown);
  if (name !== undefined) {
    throw new ServiceOptionError(`There is no option trustedProxies.${name}.`);
  }
  if (!Array.isArray(peers) && typeof peers !== "function") {
    throw new ServiceOptionError("trustedProxies.peers is an array of addresses, or a function.");
  }
  if (!HEADERS.has(header)) {
    throw new ServiceOptionError(
      `trustedProxies.header is "x-forwarded" or "forwarded", not ${JSON.stringify(header)}.`,
    );
  }
}
