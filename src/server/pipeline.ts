import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** How many requests may wait for their turn: about as many as one read of the socket can bring. */
const MOST_WAITING = 1_000;

/**
 * The requests of one HTTP/1 connection that came before the responses to earlier ones were out. Beyond the limit
 * they wait for their turn, and nothing more is read until all have had it. Node itself counts only the bytes of
 * responses, and handlers that have yet to answer have none.
 */
export class Pipeline {
  readonly #socket: Socket;
  readonly #limit: number;
  readonly #running = new Set<ServerResponse>();
  readonly #waiting: (() => void)[] = [];
  #isOver = false;

  constructor(socket: Socket, limit: number) {
    this.#socket = socket;
    this.#limit = limit;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  get isFull(): boolean {
    return this.#waiting.length >= MOST_WAITING;
  }

  /** Takes nothing any more: what is taken already has its turn. */
  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    this.#isOver = true;
  }

  /** Counts a response that is under way already. */
  count(response: ServerResponse): void {
    if (!this.#running.has(response)) {
      this.#running.add(response);
      response.once("close", () => this.#remove(response));
    }
  }

  /** Serves a request now, or when it has its turn. */
  take(response: ServerResponse, serve: () => void): void {
    if (this.#waiting.length === 0 && this.#running.size < this.#limit) {
      this.count(response);
      serve();
      return;
    }
    this.#waiting.push(() => {
      this.count(response);
      serve();
    });
    if (this.#waiting.length === 1) {
      // Node resumes the socket after each request that it has parsed.
      this.#socket.on("resume", pause);
      this.#socket.pause();
    }
  }

  #remove(response: ServerResponse): void {
    this.#running.delete(response);
    if (this.#waiting.length === 0 || this.#socket.destroyed) {
      return;
    }
    while (this.#waiting.length > 0 && this.#running.size < this.#limit) {
      this.#waiting.shift()?.();
    }
    if (this.#waiting.length === 0 && !this.#isOver) {
      this.#socket.off("resume", pause);
      this.#socket.resume();
    }
  }
}

function pause(this: Socket): void {
  this.pause();
}
