/** A stream that is not to be silent for too long. */
export interface KeptAlive {
  /** The tick of its last chunk, which it notes itself. */
  lastTick: number;
  /** Where `KeepAlive` keeps it. */
  slot: number;
  onSilence(): void;
}

/** How many ticks make an interval, if they are whole milliseconds; otherwise less. */
const TICKS = 16;

/** One for each tick until a stream of just now has been silent, and one for the tick that is over. */
const SLOTS = TICKS + 2;

/** The slot of a stream that is not kept. */
export const NOWHERE = -1;

/**
 * One timer for all streams of the same interval. All that a stream does for an event is to note the number of the
 * tick. Only those whose turn it is are looked at; one that was heard of in the meantime is put off.
 */
export class KeepAlive {
  static readonly #all = new Map<number, KeepAlive>();
  readonly #interval: number;
  /** After how many ticks a stream has been silent, wherever between two of them its last chunk was: never too early. */
  readonly #ticks: number;
  readonly #timer: ReturnType<typeof setInterval>;
  /** Streams by the tick at which they are looked at, modulo `SLOTS`. */
  readonly #slots: readonly Set<KeptAlive>[] = Array.from({ length: SLOTS }, () => new Set<KeptAlive>());
  #size = 0;
  tick = 0;

  private constructor(interval: number) {
    this.#interval = interval;
    const step = Math.ceil(interval / TICKS);
    this.#ticks = Math.ceil(interval / step) + 1;
    this.#timer = setInterval(() => this.#onTick(), step);
    // Connections keep a process alive, not what is sent on them.
    (this.#timer as { unref?: () => void }).unref?.();
  }

  /** Calls `onSilence` whenever the stream has sent nothing for `interval` milliseconds. */
  static add(stream: KeptAlive, interval: number): KeepAlive {
    let keepAlive = KeepAlive.#all.get(interval);
    if (keepAlive === undefined) {
      keepAlive = new KeepAlive(interval);
      KeepAlive.#all.set(interval, keepAlive);
    }
    stream.lastTick = keepAlive.tick;
    keepAlive.#size++;
    keepAlive.#place(stream);
    return keepAlive;
  }

  remove(stream: KeptAlive): void {
    if (stream.slot === NOWHERE) {
      return;
    }
    this.#slots[stream.slot]?.delete(stream);
    stream.slot = NOWHERE;
    this.#size--;
    if (this.#size === 0) {
      clearInterval(this.#timer);
      KeepAlive.#all.delete(this.#interval);
    }
  }

  #place(stream: KeptAlive): void {
    stream.slot = (stream.lastTick + this.#ticks) % SLOTS;
    this.#slots[stream.slot]?.add(stream);
  }

  #onTick(): void {
    this.tick++;
    const due = this.#slots[this.tick % SLOTS] as Set<KeptAlive>;
    for (const stream of due) {
      if (stream.lastTick + this.#ticks <= this.tick) {
        stream.lastTick = this.tick;
        stream.onSilence();
      }
      // It may have ended over that.
      if (stream.slot !== NOWHERE) {
        due.delete(stream);
        this.#place(stream);
      }
    }
  }
}
