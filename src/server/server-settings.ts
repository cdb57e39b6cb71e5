import type { Logger } from "../handler/logger.ts";
import type { ServerLimits } from "./server-limits.ts";
import type { TlsOptions } from "./tls-options.ts";

/** What becomes of a promise of the application that is rejected and handled by nobody. */
export type UnhandledRejections = "log" | "crash";

/** A server's options when it starts; later changes of its builder do not reach it. */
export interface ServerSettings {
  readonly limits: ServerLimits;
  readonly logger: Logger;
  readonly tls: TlsOptions | null;
  readonly isHttp2: boolean;
  readonly graceMs: number;
  /** What the program may take to clean up after that, in milliseconds. */
  readonly cleanUpMs: number;
  readonly handlesSignals: boolean;
  readonly unhandledRejections: UnhandledRejections;
  /** Processes that serve; 0 is this one alone. */
  readonly workers: number;
}
