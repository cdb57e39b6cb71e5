/** What is seen of a connection from outside of it. */
export interface Watched {
  /** Bytes that have come. */
  bytesRead(): number;
  /** Bytes that have gone to the client, and those that still wait to. */
  bytesFlushed(): number;
  bytesWaiting(): number;
  /** Whether this side does not read just now. */
  isPaused(): boolean;
  ping(): void;
  /** The client is gone, or as good as. */
  expire(): void;
}

/** Into how many looks the idle timeout is divided: a connection expires at the end of it, at most one look later. */
export const LOOKS = 4;

/**
 * Finds out which clients are not there any more. It counts bytes when it looks, so that messages cost nothing; a
 * client that says nothing for half of the time gets a ping, which it must answer (RFC 6455 §5.5.2).
 *
 * While this side does not read, because the application is slow, the client's silence means nothing; then it
 * expires when it takes nothing of what waits for it.
 */
export class IdleWatch {
  readonly #watched: Watched;
  #read = 0;
  #flushed = 0;
  #quiet = 0;

  constructor(watched: Watched) {
    this.#watched = watched;
    this.#read = watched.bytesRead();
    this.#flushed = watched.bytesFlushed();
  }

  /** The client gets its time anew. */
  reset(): void {
    this.#quiet = 0;
  }

  check(): void {
    const watched = this.#watched;
    const read = watched.bytesRead();
    const flushed = watched.bytesFlushed();
    const isAlive = watched.isPaused()
      ? flushed !== this.#flushed || (watched.bytesWaiting() === 0 && this.#quiet >= LOOKS - 1)
      : read !== this.#read;
    this.#read = read;
    this.#flushed = flushed;
    this.#quiet = isAlive ? 0 : this.#quiet + 1;
    if (this.#quiet >= LOOKS) {
      watched.expire();
    } else if (this.#quiet === LOOKS / 2) {
      watched.ping();
    }
  }
}
