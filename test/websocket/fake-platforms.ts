import { _get, type ErrorReport, Resource } from "argania";
import {
  type BunWebSocket,
  bunWebSocket,
  type WebSocketConnection,
  type WebSocketOptions,
  webSocketUpgrade,
} from "argania/websocket";
import { expect, vi } from "vitest";

/** How the fakes behave. */
export const fakes = {
  /** What each message leaves to be sent. */
  growth: 0,
  /** Whether nobody may add headers to what Deno makes. */
  isImmutable: false,
};

/** Both ends of a platform's WebSocket: what the server's does, and what its client is made to do. */
export class FakeSocket {
  readonly sent: unknown[] = [];
  readonly closes: unknown[] = [];
  readonly listeners = new Map<string, (event: unknown) => void>();
  readyState = 1;
  bufferedAmount = 0;
  binaryType = "blob";
  isAccepted = false;
  data: unknown;
  onlyOwnCodes = false;

  addEventListener(type: string, listener: (event: unknown) => void): void {
    this.listeners.set(type, listener);
  }
  emit(type: string, event: object = {}): void {
    this.listeners.get(type)?.(event);
  }
  accept(): void {
    this.isAccepted = true;
  }
  send(message: unknown): number {
    this.bufferedAmount += fakes.growth;
    this.sent.push(message);
    return 1;
  }
  ping(): void {
    this.sent.push("(ping)");
  }
  getBufferedAmount(): number {
    return this.bufferedAmount;
  }
  terminate(): void {
    this.closes.push("terminated");
  }
  close(code: number, reason: string): void {
    if (this.onlyOwnCodes && code < 3000 && code !== 1000) {
      throw new DOMException("not allowed", "InvalidAccessError");
    }
    this.closes.push([code, reason]);
  }
}

export interface Platform {
  /** Opens a WebSocket; gives the server's end and the response. */
  open(
    service: ReturnType<typeof serviceWith>["service"],
    init?: RequestInit,
  ): Promise<{ socket: FakeSocket; response: unknown }>;
  message(socket: FakeSocket, data: string | Uint8Array): void;
  close(socket: FakeSocket, code: number, reason: string): void;
}

export const HEADERS = { upgrade: "websocket", "sec-websocket-protocol": "a, b" };
export const requestTo = (init?: RequestInit): Request =>
  new Request("https://example.com/ws", { headers: HEADERS, ...init });

const onStandard = {
  message(socket: FakeSocket, data: string | Uint8Array): void {
    const bytes = (value: Uint8Array) =>
      socket.binaryType === "arraybuffer"
        ? Uint8Array.from(value).buffer
        : new Blob([Uint8Array.from(value)]);
    socket.emit("message", { data: typeof data === "string" ? data : bytes(data) });
  },
  close: (socket: FakeSocket, code: number, reason: string) => socket.emit("close", { code, reason }),
};

export const platforms: Record<string, Platform> = {
  Deno: {
    ...onStandard,
    async open({ fetch }, init) {
      const socket = new FakeSocket();
      const upgradeWebSocket = (request: Request, options: { protocol?: string }) => {
        // As Deno takes it apart.
        const offered = request.headers.get("sec-websocket-protocol")?.split(", ") ?? [];
        if (options.protocol !== undefined && !offered.includes(options.protocol)) {
          throw new TypeError(`Protocol '${options.protocol}' not in the request's protocol list`);
        }
        const headers = { "x-protocol": options.protocol ?? "none" };
        const response = fakes.isImmutable
          ? Response.redirect("https://example.com/", 302)
          : new Response(null, { headers });
        return { socket, response };
      };
      vi.stubGlobal("Deno", { upgradeWebSocket });
      const response = await fetch(requestTo(init));
      socket.emit("open");
      return { socket, response };
    },
  },
  Workers: {
    ...onStandard,
    async open({ fetch }, init) {
      const socket = new FakeSocket();
      vi.stubGlobal("WebSocketPair", function Pair() {
        return { 0: "the client's end", 1: socket };
      });
      const made: unknown[] = [];
      const { Response } = globalThis;
      vi.stubGlobal("Response", function Made(body: unknown, answer: { status: number }) {
        made.push(answer);
        return answer.status === 101 ? answer : new Response(body as null, answer);
      });
      const response = await fetch(requestTo(init));
      return { socket, response };
    },
  },
  Bun: {
    async open({ fetch }, init) {
      const socket = new FakeSocket();
      let isUpgraded = false;
      const server = {
        upgrade: (_: Request, options: { data: unknown; headers: [string, string][] }) => {
          socket.data = options.data;
          socket.sent.push(options.headers);
          isUpgraded = true;
          return true;
        },
      };
      const response = await fetch(requestTo(init), server);
      expect(socket.sent.shift()).toEqual(
        isUpgraded
          ? [
              ["sec-websocket-protocol", "b"],
              ["set-cookie", "x=1"],
            ]
          : undefined,
      );
      if (isUpgraded) {
        bunWebSocket.open(socket as unknown as BunWebSocket);
      }
      return { socket, response };
    },
    message: (socket, data) => bunWebSocket.message(socket as unknown as BunWebSocket, data),
    close: (socket, code, reason) => bunWebSocket.close(socket as unknown as BunWebSocket, code, reason),
  },
};

export function serviceWith(
  callback: (socket: WebSocketConnection) => unknown,
  options: WebSocketOptions = { protocols: ["b"] },
) {
  const reports: ErrorReport[] = [];
  const root = new Resource("/ws").setHandlerFor(
    _get.to([webSocketUpgrade(options)], (upgrade) => {
      const response = upgrade(callback);
      response.headers.set("set-cookie", "x=1");
      return response;
    }),
  );
  const tree = new Resource("/");
  tree.addSubresource(root);
  return { service: tree.intoService({ logger: { error: (report) => void reports.push(report) } }), reports };
}
