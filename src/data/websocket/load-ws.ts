import { WebSocketPackageError } from "./web-socket-errors.ts";

/** The parts of a `WebSocket` of `ws` that are used, spelled out so that users need not have its types. */
export interface WsSocket {
  readonly protocol: string;
  readonly bufferedAmount: number;
  readonly readyState: number;
  /** Not documented: the parser, and how much of what it has been given is not parsed yet. */
  readonly _receiver?: { readonly _bufferedBytes?: number } | null;
  on(event: string, listener: (...values: never[]) => void): unknown;
  send(data: string | Uint8Array, done?: (error?: Error | null) => void): void;
  ping(): void;
  pong(data: Uint8Array, mask: boolean, done: () => void): void;
  close(code: number, reason: string | Uint8Array): void;
  terminate(): void;
  pause(): void;
  resume(): void;
}

/** The parts of a `WebSocketServer` of `ws` that are used. */
export interface WsServer {
  on(event: "headers", listener: (headers: string[]) => void): unknown;
  handleUpgrade(request: object, socket: object, head: Uint8Array, done: (socket: WsSocket) => void): void;
}

export interface WsModule {
  readonly WebSocketServer: new (options: Readonly<Record<string, unknown>>) => WsServer;
  /** Throws for what is no `Sec-WebSocket-Extensions`. */
  readonly extension: { parse(header: string): Readonly<Record<string, readonly object[] | undefined>> };
  readonly PerMessageDeflate: new (
    options: Readonly<Record<string, unknown>>,
  ) => {
    /** Throws for offers that cannot be accepted. */
    accept(offers: readonly object[]): unknown;
  };
}

/** Older ones do not limit fragments, or count empty ones (GHSA-96hv-2xvq-fx4p). */
const LEAST_MINOR = 21;
const LEAST_PATCH = 1;

let loaded: WsModule | undefined;

/** Whether this is Node itself, and nothing that has a `process` as well and WebSockets of its own. */
export function isNode(): boolean {
  const globals = globalThis as { Deno?: unknown; Bun?: unknown; WebSocketPair?: unknown };
  return (
    globals.Deno === undefined &&
    globals.Bun === undefined &&
    globals.WebSocketPair === undefined &&
    typeof process === "object" &&
    typeof process.getBuiltinModule === "function"
  );
}

/**
 * The package `ws`. Not a static import, which a runtime that needs no `ws` would fail at, and whose error would not say
 * what to install. Throws a `WebSocketPackageError` (`ARGANIA_WEBSOCKET_PACKAGE`) when it is missing or too old.
 */
export function loadWs(): WsModule {
  loaded ??= checkedWs(requirePackage);
  return loaded;
}

/** CommonJS has `require`, and bundlers put the package in its place where they see it; ES modules have to make one. */
function requirePackage(name: "ws" | "ws/package.json"): unknown {
  try {
    return name === "ws" ? require("ws") : require("ws/package.json");
  } catch {
    const here = typeof __filename === "string" ? __filename : import.meta.url;
    return process.getBuiltinModule("node:module").createRequire(here)(name);
  }
}

/** Throws a `WebSocketPackageError` (`ARGANIA_WEBSOCKET_PACKAGE`) unless `load` finds the package, new enough. */
export function checkedWs(load: (name: "ws" | "ws/package.json") => unknown): WsModule {
  const { version } = attempt(() => load("ws/package.json")) as { version: string };
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  const isOld = minor < LEAST_MINOR || (minor === LEAST_MINOR && patch < LEAST_PATCH);
  if (major !== 8 || isOld) {
    throw new WebSocketPackageError(
      `argania/websocket needs the package ws, 8.${LEAST_MINOR}.${LEAST_PATCH} or a later 8, and found ${version}. Run: npm install ws@8`,
    );
  }
  return attempt(() => load("ws")) as WsModule;
}

function attempt(load: () => unknown): unknown {
  try {
    return load();
  } catch (cause) {
    throw new WebSocketPackageError(
      "argania/websocket needs the package ws on Node, which is not installed. Run: npm install ws",
      { cause },
    );
  }
}
