import { describeValue } from "../../common/describe-value.ts";
import { jsonText } from "../../response/json-text.ts";
import { SessionError } from "./session-error.ts";

/** What is known of a session that came with a request. */
export interface ReceivedSession {
  readonly id: string;
  /** In seconds since 1970, as `writtenAt`. */
  readonly createdAt: number;
  readonly writtenAt: number;
  readonly data: object;
}

/**
 * The session of a request: data that a client keeps for the server, or the server for a client.
 *
 * It holds what JSON can hold. What is changed here, also in objects that `get` returned, is kept when the `SessionLayer`
 * is left; a change after that throws a `SessionError` (`ARGANIA_SESSION`).
 *
 * @example
 * ```ts
 * const session = defineSession<{ userId: string; notice: string }>();
 * login.setHandlerFor(_post.to([session], (current) => {
 *   current.regenerate().set("userId", "7").set("notice", "Welcome back.");
 *   return redirect("/", 303);
 * }));
 * home.setHandlerFor(_get.to([session], (current) => current.take("notice") ?? `User ${current.get("userId")}`));
 * ```
 */
export class Session<Data extends object> {
  readonly #received: ReceivedSession | undefined;
  readonly #values: Map<string, unknown>;
  /** The data as it was before anybody could have changed it. */
  #before: string | undefined = undefined;
  #id: string | undefined;
  #isCleared = false;
  #isRegenerated = false;
  #isClosed = false;

  /** @internal Sessions come from a definition. */
  constructor(received: ReceivedSession | undefined) {
    this.#received = received;
    this.#values = new Map(received === undefined ? [] : Object.entries(received.data));
    this.#id = received?.id;
  }

  /** Identifies this session until `regenerate()` or `destroy()`: 36 characters. Not secret, and not to be guessed. */
  get id(): string {
    this.#id ??= crypto.randomUUID();
    return this.#id;
  }

  /** Whether the request came without a session that is still good. */
  get isNew(): boolean {
    return this.#received === undefined;
  }

  get<Key extends keyof Data & string>(key: Key): Data[Key] | undefined {
    const value = this.#values.get(key);
    if (typeof value === "object" && value !== null) {
      this.#remember();
    }
    return value as Data[Key] | undefined;
  }

  has(key: keyof Data & string): boolean {
    return this.#values.has(key);
  }

  /** Throws a `TypeError` for what JSON cannot hold at all; `undefined` deletes. */
  set<Key extends keyof Data & string>(key: Key, value: Data[Key]): this {
    this.#assertOpen();
    if (typeof value === "function" || typeof value === "symbol" || typeof value === "bigint") {
      throw new TypeError(`A session holds what JSON can hold, and "${key}" is ${describeValue(value)}.`);
    }
    if (value === undefined) {
      this.#values.delete(key);
    } else {
      this.#values.set(key, value);
    }
    return this;
  }

  delete(key: keyof Data & string): this {
    this.#assertOpen();
    this.#values.delete(key);
    return this;
  }

  /** A value that is read once, as a message for the page after a redirect: gets and deletes it. */
  take<Key extends keyof Data & string>(key: Key): Data[Key] | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) {
      this.delete(key);
    }
    return value as Data[Key] | undefined;
  }

  /** Deletes all data. A session without data is removed from the browser. */
  clear(): this {
    this.#assertOpen();
    this.#values.clear();
    this.#isCleared = true;
    return this;
  }

  /**
   * The same data under another id, with its lifetime beginning now. Call it when rights change, at a login above all: who
   * knew the session before has nothing of it then (session fixation). With a store, a session that was ended meanwhile is
   * not kept under another id.
   */
  regenerate(): this {
    this.#assertOpen();
    this.#id = undefined;
    this.#isRegenerated = true;
    return this;
  }

  /** Ends the session: no data, and another id should anything be set afterwards. */
  destroy(): this {
    return this.clear().regenerate();
  }

  /** All data, as a new object. */
  toJSON(): Partial<Data> {
    this.#remember();
    return Object.fromEntries(this.#values) as Partial<Data>;
  }

  #assertOpen(): void {
    if (this.#isClosed) {
      throw new SessionError(
        "The session was changed after its SessionLayer had been left, when it had been kept already: change it before you return the response, and before a stream begins.",
      );
    }
    this.#remember();
  }

  #remember(): void {
    this.#before ??= textOf(this.#values);
  }

  /** @internal The data as text if it, or the id, may have changed. */
  static changesOf<Data extends object>(
    session: Session<Data>,
  ): { text: string; isChanged: boolean } | undefined {
    if (session.#before === undefined) {
      return undefined;
    }
    const text = textOf(session.#values);
    return { text, isChanged: text !== session.#before || session.#id !== session.#received?.id };
  }

  /** @internal The data as text. */
  static textOf<Data extends object>(session: Session<Data>): string {
    return textOf(session.#values);
  }

  /** @internal Whether there is nothing to keep. */
  static isEmpty<Data extends object>(session: Session<Data>): boolean {
    return session.#values.size === 0;
  }

  /** @internal Whether nothing is left of what came with the request. */
  static isCleared<Data extends object>(session: Session<Data>): boolean {
    return session.#isCleared;
  }

  /** @internal Whether what came with the request is to be over, good or not. */
  static isReset<Data extends object>(session: Session<Data>): boolean {
    return session.#isCleared || session.#isRegenerated;
  }

  /** @internal What came with the request. */
  static receivedOf<Data extends object>(session: Session<Data>): ReceivedSession | undefined {
    return session.#received;
  }

  /** @internal Whether changes would be lost. */
  static close<Data extends object>(session: Session<Data>, isClosed: boolean): void {
    session.#isClosed = isClosed;
  }
}

function textOf(values: ReadonlyMap<string, unknown>): string {
  try {
    return jsonText(Object.fromEntries(values)) ?? "{}";
  } catch (cause) {
    throw new SessionError("The session holds something that JSON cannot hold.", { cause });
  }
}
