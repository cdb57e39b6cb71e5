import type { MaybePromise } from "../common/maybe-promise.ts";

/**
 * A hash of a body, 27 characters long. It tells versions apart and keeps no secrets, so SHA-1 will do: it is in every
 * runtime, and the fastest of those that are.
 */
export function hashOf(content: string | Uint8Array): MaybePromise<string> {
  const crypto = nodeCrypto();
  return crypto === null
    ? webHash(content)
    : crypto.createHash("sha1").update(content).digest("base64").slice(0, 27);
}

interface NodeCrypto {
  createHash(name: "sha1"): {
    update(content: string | Uint8Array): { digest(encoding: "base64"): string };
  };
}

/** Not imported, since bundles for runtimes without it would not load; asked for when the first body is hashed. */
function nodeCrypto(): NodeCrypto | null {
  const process = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process;
  return (process?.getBuiltinModule?.("node:crypto") as NodeCrypto | undefined) ?? null;
}

async function webHash(content: string | Uint8Array): Promise<string> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-1", bytes as Uint8Array<ArrayBuffer>));
  return btoa(String.fromCharCode(...digest)).slice(0, 27);
}
