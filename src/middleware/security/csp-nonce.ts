import { ExtensionKey } from "../../request/extensions.ts";
import type { RequestContext } from "../../request/request-context.ts";

/** The nonce of a request, made when somebody asks. */
export interface NonceSlot {
  value: string | null;
  /** Whether a policy has been sent: a nonce that is made later is in none. */
  isSent: boolean;
}

const nonceSlot: ExtensionKey<NonceSlot> = /* @__PURE__ */ new ExtensionKey<NonceSlot>("CSP nonce");

/** The place for the nonce of a request, the same for all layers on its way. */
export function nonceSlotOf({ extensions }: RequestContext<object>): NonceSlot {
  let slot = extensions.get(nonceSlot);
  if (slot === undefined) {
    slot = { value: null, isSent: false };
    extensions.set(nonceSlot, slot);
  }
  return slot;
}

/**
 * The nonce of this request, for the `nonce` attribute of inline scripts and styles: 144 random bits in base64, the same
 * one at each call, and in the `Content-Security-Policy` wherever its directives have `'nonce'`.
 *
 * Throws a `TypeError` where no `SecurityHeadersLayer` with `'nonce'` is around the handler, and where it is asked for only
 * after the policy has been sent, as in the generator of a stream: its browser would run nothing.
 *
 * @example
 * ```ts
 * root.addLayerTo(
 *   _requestReceiver(
 *     new SecurityHeadersLayer({ contentSecurityPolicy: { directives: { "script-src": ["'self'", "'nonce'"] } } }),
 *   ),
 * );
 * root.setHandlerFor(_get.to((context) => html(`<script nonce="${cspNonce(context)}">start()</script>`)));
 * ```
 * Source: CSP Level 3 §7.1.
 */
export function cspNonce(context: RequestContext<object>): string {
  const slot = context.extensions.get(nonceSlot);
  if (slot === undefined) {
    throw new TypeError(
      'cspNonce(context) needs a SecurityHeadersLayer around the handler whose policy has a nonce: write { contentSecurityPolicy: { directives: { "script-src": ["\'nonce\'"] } } }.',
    );
  }
  if (slot.value === null && slot.isSent) {
    throw new TypeError(
      "cspNonce(context) comes too late, the policy has been sent: call it in the handler, before you return the stream, and use what it gave in there.",
    );
  }
  slot.value ??= newNonce();
  return slot.value;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** Without padding: a multiple of three. */
const NONCE_BYTES = 18;
/** Asking for random bytes costs microseconds, however few they are. */
const POOL_BYTES = 50 * NONCE_BYTES;
let pool: Uint8Array<ArrayBuffer> | null = null;
let used = POOL_BYTES;

function newNonce(): string {
  if (used === POOL_BYTES) {
    pool ??= new Uint8Array(POOL_BYTES);
    crypto.getRandomValues(pool);
    used = 0;
  }
  const bytes = pool as Uint8Array;
  let nonce = "";
  for (const end = used + NONCE_BYTES; used < end; used += 3) {
    const bits =
      ((bytes[used] as number) << 16) | ((bytes[used + 1] as number) << 8) | (bytes[used + 2] as number);
    for (let shift = 18; shift >= 0; shift -= 6) {
      nonce += ALPHABET[(bits >> shift) & 63];
    }
  }
  return nonce;
}
