import type * as buffer from "node:buffer";
import type * as crypto from "node:crypto";

/** What cookies need of the platform. */
export interface NodeCrypto {
  readonly crypto: typeof crypto;
  readonly Buffer: typeof buffer.Buffer;
}

let loaded: NodeCrypto | undefined;

/** Web Crypto has all of it, too, but only with a promise for each cookie. Throws an `Error` where there is no Node API. */
export function loadCrypto(): NodeCrypto {
  if (loaded === undefined) {
    const { process } = globalThis as { process?: Partial<Pick<NodeJS.Process, "getBuiltinModule">> };
    const crypto = process?.getBuiltinModule?.("node:crypto");
    const buffer = process?.getBuiltinModule?.("node:buffer");
    if (crypto === undefined || buffer === undefined) {
      throw new Error(
        "Signed and private cookies need node:crypto. Node, Bun and Deno have it; on Cloudflare Workers set the flag nodejs_compat.",
      );
    }
    loaded = { crypto, Buffer: buffer.Buffer };
  }
  return loaded;
}
