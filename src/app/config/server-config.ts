import type { TrustedProxies } from "../../request/trusted-proxies.ts";
import type { Address } from "../../server/address.ts";
import type { ServerLimits } from "../../server/server-limits.ts";
import type { UnhandledRejections } from "../../server/server-settings.ts";
import type { TlsOptions } from "../../server/tls-options.ts";

/** The section `server` of a configuration, which is Argania's. Everything has a default. */
export interface ServerConfig {
  /** Default `"127.0.0.1"`: this machine only. `"0.0.0.0"` or `"::"` is every interface. */
  readonly host?: string;
  /** Default 8080; 0 is any free port. */
  readonly port?: number;
  /** An address, or several of which the first that can be bound is used; then `host` and `port` do not count. */
  readonly address?: Address | readonly Address[];
  /** Worker processes, as `Server.withWorkers` takes them. Default 0, this process alone. */
  readonly workers?: number | "auto";
  /** HTTP/2 beside HTTP/1.1. Default `false`. */
  readonly http2?: boolean;
  readonly tls?: TlsConfig;
  /** As `Server.withLimits` takes them. */
  readonly limits?: Partial<ServerLimits>;
  /** How SIGTERM and SIGINT end the program; `false` leaves them to Node. */
  readonly shutdown?: ShutdownConfig | false;
  readonly unhandledRejections?: UnhandledRejections;
  readonly trustedProxies?: TrustedProxies;
  /** In bytes; see `ServiceOptions`. */
  readonly bodyMemoryLimit?: number;
  /** Whether `currentContext()` gives the request at hand; see `ServiceOptions`. Default `false`. */
  readonly asyncContext?: boolean;
  /** Layers by their names in the app's `middlewares`: options, or `true` for none. `false` switches one off. */
  readonly middlewares?: Readonly<Record<string, MiddlewareConfig>>;
}

/** Options of a layer, which is switched off by `enable: false`. */
export type MiddlewareConfig = boolean | { readonly enable?: boolean; readonly [option: string]: unknown };

export interface ShutdownConfig {
  /** How long requests may take to finish, in milliseconds. Default 10,000. */
  readonly grace?: number;
  /** How long `onShutdown` of all initializers may take after that, in milliseconds. Default 5,000. */
  readonly cleanUp?: number;
}

/** TLS with the files that it is in; relative paths are from the working directory. */
export interface TlsConfig
  extends Pick<TlsOptions, "passphrase" | "requestCert" | "rejectUnauthorized" | "minVersion" | "ciphers"> {
  readonly certFile?: string;
  readonly keyFile?: string;
  /** PKCS#12, instead of `certFile` and `keyFile`. */
  readonly pfxFile?: string;
  /** The authorities that client certificates must come from. */
  readonly caFile?: string;
}
