import type { PlatformHandshake } from "./platform-handshake.ts";
import { runCallback } from "./run-callback.ts";
import { handled, SENT } from "./sent.ts";
import { type Transport, WebSocketConnection, type WebSocketMessage } from "./web-socket-connection.ts";

/** A WebSocket of the platform, whichever way its events come. */
export interface PlatformSocket {
  readonly protocol: string;
  /** What waits to be sent, as far as the platform tells. */
  bufferedAmount(): number;
  send(message: WebSocketMessage): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** How many bytes may wait to be sent before `send` waits, too. */
const HIGH_WATER = 65_536;

/** What a message takes beside its bytes, in bytes: empty ones must not wait in any number. */
const OVERHEAD = 128;

/** How often a platform that tells nothing of it is asked whether more can be sent, in milliseconds. */
const ASKING_PERIOD = 10;

/**
 * A WebSocket that the platform has opened. It cannot be made to stop reading: when more waits for a slow application
 * than may wait for a slow client, the connection is closed.
 */
export class PlatformTransport implements Transport {
  readonly connection: WebSocketConnection;
  readonly #socket: PlatformSocket;
  readonly #handshake: PlatformHandshake;
  #isOpen = true;
  #isPaused = false;
  #unread = 0;
  #draining: Promise<void> | undefined = undefined;
  #own: { readonly code: number; readonly reason: string } = { code: 1006, reason: "" };

  constructor(socket: PlatformSocket, handshake: PlatformHandshake) {
    this.#socket = socket;
    this.#handshake = handshake;
    this.connection = new WebSocketConnection(this);
  }

  get protocol(): string {
    return this.#socket.protocol;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** To be called when the handshake is over. */
  onOpen(): void {
    const { agreement, report } = this.#handshake;
    runCallback(agreement.callback, this.connection, report);
  }

  onMessage(data: unknown): void {
    if (!this.#isOpen) {
      return;
    }
    const message =
      typeof data === "string"
        ? data
        : data instanceof ArrayBuffer
          ? new Uint8Array(data)
          : new Uint8Array(
              (data as Uint8Array).buffer,
              (data as Uint8Array).byteOffset,
              (data as Uint8Array).byteLength,
            );
    const { maxMessageBytes, maxBufferedBytes } = this.#handshake.settings;
    if (isLonger(message, maxMessageBytes)) {
      this.connection.close(1009);
      return;
    }
    this.#unread = this.#isPaused ? this.#unread + message.length + OVERHEAD : 0;
    if (this.#unread > maxBufferedBytes) {
      this.connection.close(1008, "too many messages wait");
      return;
    }
    this.connection.receive(message);
  }

  /** @param code 1006 when the connection broke off, or 0 on Deno */
  onClose(code: number, reason: string): void {
    this.#isOpen = false;
    const wasClean = code !== 1006 && code !== 0;
    this.connection.end(wasClean ? { code, reason, wasClean } : { ...this.#own, wasClean });
  }

  send(message: WebSocketMessage): Promise<void> {
    if (!this.#isOpen) {
      return this.connection.refusal();
    }
    if (this.#socket.bufferedAmount() > this.#handshake.settings.maxBufferedBytes) {
      this.#own = { code: 1008, reason: "" };
      this.terminate();
      return this.connection.refusal();
    }
    // The platform may look at it later, and its owner may use it again.
    this.#socket.send(typeof message === "string" ? message : message.slice());
    if (this.#socket.bufferedAmount() < HIGH_WATER) {
      return SENT;
    }
    // One for all that is sent meanwhile.
    this.#draining ??= handled(this.#drained());
    return this.#draining;
  }

  ping(): void {
    this.#socket.ping();
  }

  close(code: number, reason: string): void {
    this.#isOpen = false;
    this.#own = { code, reason };
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#isOpen = false;
    this.#socket.terminate();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
  }

  async #drained(): Promise<void> {
    while (this.#socket.bufferedAmount() >= HIGH_WATER) {
      await new Promise((resolve) => setTimeout(resolve, ASKING_PERIOD));
      if (!this.#isOpen) {
        await this.connection.refusal();
      }
    }
    this.#draining = undefined;
  }
}

function isLonger(message: WebSocketMessage, limit: number): boolean {
  return typeof message !== "string"
    ? message.byteLength > limit
    : // A character has at most three bytes for each unit of its length.
      message.length > limit ||
        (message.length * 3 > limit && new TextEncoder().encode(message).byteLength > limit);
}
