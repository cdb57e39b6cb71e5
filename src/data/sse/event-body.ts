import { PushedBody, type PushTarget } from "../../response/pushed-body.ts";
import { Backlog, type SlowClients } from "./backlog.ts";
import { KeepAlive, type KeptAlive, NOWHERE } from "./keep-alive.ts";

/** Where the events of a stream come from. */
export interface EventFeed {
  /** Begins to send. */
  start(out: EventBody): void;
  /** The client has taken what it was sent: a feed that waits for that goes on. */
  onWritable(): void;
  /** Nothing more is sent. Also called on a feed that was never started. Must not throw. */
  release(): void;
}

/** A comment, which clients ignore. It keeps proxies from closing a connection on which nothing happens. */
const KEEP_ALIVE = ":\n\n";

/** One stream of events on its way to a client. */
export class EventBody extends PushedBody implements KeptAlive {
  readonly prelude: string;
  lastTick = 0;
  slot: number = NOWHERE;
  readonly #feed: EventFeed;
  readonly #interval: number | null;
  #target: PushTarget | null = null;
  #keepAlive: KeepAlive | null = null;
  #backlog: Backlog | null = null;
  #isBlocked = false;
  #isEnding = false;
  #isOver = false;

  /**
   * @param interval after how many milliseconds of silence a comment is sent
   * @param prelude sent in front of everything
   */
  constructor(feed: EventFeed, interval: number | null, prelude: string) {
    super();
    this.#feed = feed;
    this.#interval = interval;
    this.prelude = prelude;
  }

  /** Whether nothing more is sent: it has ended, or ends as soon as what waits has been sent. */
  get isOver(): boolean {
    return this.#isOver || this.#isEnding;
  }

  get takesMore(): boolean {
    return !this.#isBlocked;
  }

  open(target: PushTarget): void {
    this.#target = target;
    if (this.#interval !== null) {
      this.#keepAlive = KeepAlive.add(this, this.#interval);
    }
    try {
      this.#feed.start(this);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Sends a chunk and tells whether the client takes more. For those who wait for `onWritable` when it does not. */
  send(chunk: Uint8Array | string): boolean {
    if (this.#isOver || chunk.length === 0) {
      return !this.#isBlocked;
    }
    if (this.#keepAlive !== null) {
      this.lastTick = this.#keepAlive.tick;
    }
    // A target that fails over this says so before it returns.
    this.#isBlocked = (this.#target as PushTarget).write(chunk) === false;
    return !this.#isBlocked;
  }

  /** Sends a chunk at once or when the client has taken the others; one that leaves too many is dealt with. */
  push(chunk: Uint8Array, limit: number, slowClients: SlowClients): void {
    if (this.isOver || chunk.byteLength === 0) {
      return;
    }
    if (!this.#isBlocked) {
      this.send(chunk);
      return;
    }
    this.#backlog ??= new Backlog(limit, slowClients);
    if (!this.#backlog.add(chunk)) {
      this.#close()?.breakOff();
    }
  }

  /** Ends the response when what waits has been sent. */
  end(): void {
    if (this.#backlog === null || this.#backlog.isEmpty) {
      this.#close()?.end();
    } else {
      this.#isEnding = true;
    }
  }

  fail(error: unknown): void {
    this.#close()?.fail(error);
  }

  override onWritable(): void {
    this.#isBlocked = false;
    const backlog = this.#backlog;
    for (let chunk = backlog?.take(); chunk !== undefined; chunk = backlog?.take()) {
      if (!this.send(chunk)) {
        return;
      }
    }
    this.#backlog = null;
    if (this.#isEnding) {
      this.end();
    } else if (!this.#isOver) {
      this.#feed.onWritable();
    }
  }

  override release(): void {
    this.#close();
  }

  onSilence(): void {
    if (!this.#isBlocked) {
      this.send(KEEP_ALIVE);
    }
  }

  /** Lets go of everything, once. */
  #close(): PushTarget | null {
    if (this.#isOver) {
      return null;
    }
    this.#isOver = true;
    this.#keepAlive?.remove(this);
    this.#backlog = null;
    this.#feed.release();
    return this.#target;
  }
}
