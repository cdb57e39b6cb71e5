import { openOnBun } from "./bun.ts";
import { openOnDeno } from "./deno.ts";
import type { PlatformHandshake } from "./platform-handshake.ts";
import { openOnWorkers } from "./workers.ts";

/** Opens a WebSocket; returns what the platform wants as the response. */
export type OpenOnPlatform = (handshake: PlatformHandshake) => Response;

/** How the runtime opens WebSockets; `null` where it does not, such as for requests in process. */
export function platformOf(env: unknown): OpenOnPlatform | null {
  const globals = globalThis as { Deno?: { upgradeWebSocket?: unknown }; WebSocketPair?: unknown };
  if (typeof globals.Deno?.upgradeWebSocket === "function") {
    return openOnDeno;
  }
  if (typeof globals.WebSocketPair === "function") {
    return openOnWorkers;
  }
  return typeof (env as { upgrade?: unknown } | null | undefined)?.upgrade === "function" ? openOnBun : null;
}
