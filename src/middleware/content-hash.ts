import { builtinModule } from "../common/builtin-module.ts";
import type { MaybePromise } from "../common/maybe-promise.ts";

/**
 * A hash of a body, 27 characters long. It tells versions apart and keeps no secrets, so SHA-1 will do: it is in every
 * runtime, and the fastest of those that are.
 */
export function hashOf(content: string | Uint8Array): MaybePromise<string> {
  nodeHash ??= nodeHasher();
  return nodeHash === null ? webHash(content) : nodeHash(content).slice(0, 27);
}

type Hash = (content: string | Uint8Array) => string;

interface NodeCrypto {
  createHash(name: "sha1"): {
    update(content: string | Uint8Array): { digest(encoding: "base64"): string };
  };
  /** Without an object for each hash; Node has it from 20.12 on. */
  hash?(name: "sha1", content: string | Uint8Array, encoding: "base64"): string;
}

let nodeHash: Hash | null | undefined;

/** Not imported, since bundles for runtimes without it would not load; asked for when the first body is hashed. */
function nodeHasher(): Hash | null {
  const crypto = builtinModule<NodeCrypto>("node:crypto");
  if (crypto === undefined) {
    return null;
  }
  return typeof crypto.hash === "function"
    ? (content) => (crypto.hash as NonNullable<NodeCrypto["hash"]>)("sha1", content, "base64")
    : (content) => crypto.createHash("sha1").update(content).digest("base64");
}

async function webHash(content: string | Uint8Array): Promise<string> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-1", bytes as Uint8Array<ArrayBuffer>));
  return btoa(String.fromCharCode(...digest)).slice(0, 27);
}
