import type { Cluster } from "node:cluster";
import type * as http from "node:http";
import type * as http2 from "node:http2";
import type * as https from "node:https";
import type * as net from "node:net";
import type * as os from "node:os";

// Importing these costs 37–55 ms on Node 24 and later, and 3–4 ms through `getBuiltinModule`. Programs that import
// the package and never serve, and runtimes that are not Node, pay nothing.

export function loadHttp(): typeof http {
  return process.getBuiltinModule("node:http");
}

export function loadHttps(): typeof https {
  return process.getBuiltinModule("node:https");
}

export function loadHttp2(): typeof http2 {
  return process.getBuiltinModule("node:http2");
}

export function loadNet(): typeof net {
  return process.getBuiltinModule("node:net");
}

export function loadCluster(): Cluster {
  return process.getBuiltinModule("node:cluster") as unknown as Cluster;
}

export function loadOs(): typeof os {
  return process.getBuiltinModule("node:os");
}
