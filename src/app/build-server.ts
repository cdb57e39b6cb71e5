import { builtinModule } from "../common/builtin-module.ts";
import type { Address } from "../server/address.ts";
import { Server } from "../server/server.ts";
import type { TlsOptions } from "../server/tls-options.ts";
import type { AppParts } from "./app-options.ts";
import { ConfigError } from "./config/config-error.ts";
import type { ServerConfig, TlsConfig } from "./config/server-config.ts";

const DEFAULT_HOST = "127.0.0.1";
const DEFAULT_PORT = 8080;
export const DEFAULT_GRACE = 10_000;
export const DEFAULT_CLEAN_UP = 5_000;

/** Puts the section `server` over the server that the app was given. */
export async function buildServer({
  server = new Server(),
  serverConfig,
  logger,
}: AppParts): Promise<Server> {
  const { workers, http2, tls, limits, shutdown, unhandledRejections } = serverConfig;
  server.withLogger(logger);
  if (shutdown !== false) {
    server.withGracefulShutdown(shutdown?.grace ?? DEFAULT_GRACE, cleanUpTime(serverConfig));
  }
  if (workers !== undefined) {
    server.withWorkers(workers);
  }
  if (http2 === true) {
    server.withHttp2();
  }
  if (limits !== undefined) {
    server.withLimits(limits);
  }
  if (unhandledRejections !== undefined) {
    server.withUnhandledRejections(unhandledRejections);
  }
  if (tls !== undefined) {
    server.withTls(await readTls(tls));
  }
  return server;
}

export function cleanUpTime({ shutdown }: ServerConfig): number {
  return (shutdown === false ? undefined : shutdown?.cleanUp) ?? DEFAULT_CLEAN_UP;
}

/** Where to listen if `run()` is not told. */
export function addressOf({ address, host, port }: ServerConfig): Address | readonly Address[] {
  return address ?? { host: host ?? DEFAULT_HOST, port: port ?? DEFAULT_PORT };
}

async function readTls({ certFile, keyFile, pfxFile, caFile, ...rest }: TlsConfig): Promise<TlsOptions> {
  const files = { cert: certFile, key: keyFile, pfx: pfxFile, ca: caFile };
  const read = await Promise.all(
    Object.entries(files).flatMap(([name, file]) =>
      file === undefined ? [] : [readFile(`server.tls.${name}File`, file).then((bytes) => [name, bytes])],
    ),
  );
  return { ...rest, ...Object.fromEntries(read) };
}

async function readFile(path: string, file: string): Promise<Uint8Array> {
  const files = builtinModule<typeof import("node:fs/promises")>("node:fs/promises");
  try {
    return (await files?.readFile(file)) as Uint8Array;
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    throw new ConfigError([{ path, source: file, message: `the file cannot be read (${code}).` }]);
  }
}
