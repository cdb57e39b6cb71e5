import { chain, isPromiseLike, type MaybePromise } from "../../common/maybe-promise.ts";
import type { StandardResult } from "../../data/standard-schema.ts";
import { MissingCookieKeyError } from "../../request/cookies/cookie-errors.ts";
import { type CookieCipher, cookieKey } from "../../request/cookies/cookie-key-property.ts";
import { RequestContext } from "../../request/request-context.ts";
import type { RequestSource } from "../../request/request-source.ts";
import { type KeptSession, keepInCookie, keepInStore } from "./keep-session.ts";
import { type ReceivedSession, Session } from "./session.ts";
import { SessionError } from "./session-error.ts";
import { openToken, readId, readStored, readWhole } from "./session-format.ts";
import { removalLine, SessionHeaders, sessionLine } from "./session-headers.ts";
import { type CookieForm, type SessionSettings, storeOf } from "./session-settings.ts";
import type { SessionStore } from "./session-store.ts";

/** One session during one request: opened when somebody asks for it, kept when its layer is left. */
export class SessionExchange {
  /** That of another session, whose layer was entered before. */
  outer: SessionExchange | undefined = undefined;
  readonly #settings: SessionSettings;
  readonly #context: RequestContext<object>;
  /** The request as it is around the outermost of the layers, with the deadlines there. */
  #source: RequestSource;
  readonly #headers = new SessionHeaders();
  /** How many layers of this session the request is in. */
  #depth = 0;
  #session: Session<object> | undefined = undefined;
  #loading: Promise<Session<object>> | undefined = undefined;
  #keys: readonly CookieCipher[] = [];
  #store: SessionStore | undefined = undefined;
  #isOutdated = false;
  #kept: KeptSession | undefined = undefined;
  /** The id that the cookie has. */
  #id: string | undefined = undefined;

  constructor(settings: SessionSettings, context: RequestContext<object>) {
    this.#settings = settings;
    this.#context = context;
    this.#source = RequestContext.sourceOf(context);
  }

  get cookieName(): string {
    return this.#form.name;
  }

  enter(): void {
    if (this.#depth++ === 0 || this.#isTooLate) {
      // A layer further out may try again after a deadline.
      this.#source = RequestContext.sourceOf(this.#context);
    }
    if (this.#session !== undefined && !this.#headers.isSent) {
      Session.close(this.#session, false);
    }
  }

  /** The session, at once if no store has to be asked. */
  open(): MaybePromise<Session<object>> {
    if (this.#session === undefined && this.#loading === undefined) {
      const opened = this.#receive();
      if (!isPromiseLike(opened)) {
        return this.#opened(opened as ReceivedSession | undefined);
      }
      this.#loading = (opened as Promise<ReceivedSession | undefined>).then((received) =>
        this.#opened(received),
      );
    }
    return this.#session ?? (this.#loading as Promise<Session<object>>);
  }

  /** Keeps what has changed, when the last of the layers is left. */
  leave(): MaybePromise<void> {
    this.#depth--;
    const session = this.#session;
    if (this.#depth > 0 || session === undefined || this.#headers.isSent) {
      return undefined;
    }
    Session.close(session, true);
    this.#headers.line = undefined;
    this.#kept ??= this.#keeping(session);
    if (this.#store === undefined) {
      return keepInCookie(this.#kept);
    }
    return this.#isTooLate ? undefined : keepInStore(this.#kept, this.#store);
  }

  /** Whether the client has got its 503 before anybody asked for the session: then no hook has told of it. */
  get #isTooLate(): boolean {
    return (this.#source.abortReason as Partial<Error> | undefined)?.name === "TimeoutError";
  }

  /** Keeps nothing of what has changed, when one of the layers is left so. */
  abandon(): void {
    this.#depth--;
    if (this.#session !== undefined) {
      Session.close(this.#session, true);
    }
  }

  #keeping(session: Session<object>): KeptSession {
    return {
      session,
      settings: this.#settings,
      refusedId: session.isNew ? this.#id : undefined,
      savedId: undefined,
      isOutdated: this.#isOutdated,
      write: (text, maxAge) => {
        const key = this.#keys[0] as CookieCipher;
        this.#headers.line = sessionLine(this.#form, key, text, maxAge, this.#isHttps);
      },
      remove: () => {
        this.#headers.line = removalLine(this.#form, this.#isHttps);
      },
    };
  }

  #send(headers: Headers): void {
    this.#headers.addTo(headers);
    if (this.#session !== undefined) {
      Session.close(this.#session, true);
    }
  }

  get #isHttps(): boolean {
    return this.#context.scheme === "https";
  }

  get #form(): CookieForm {
    return this.#isHttps ? this.#settings.secure : this.#settings.plain;
  }

  #opened(received: ReceivedSession | undefined): Session<object> {
    const session = new Session<object>(received);
    // Loaded so late that nobody waited for it.
    Session.close(session, this.#depth === 0);
    this.#session = session;
    return session;
  }

  #receive(): MaybePromise<ReceivedSession | undefined> {
    this.#keys = this.#context.property<readonly CookieCipher[]>(cookieKey);
    if (this.#keys.length === 0) {
      throw new MissingCookieKeyError(this.#context.path);
    }
    this.#store = storeOf(this.#settings, this.#context);
    this.#context.beforeSend((response) => this.#send(response.headers));
    const { name } = this.#form;
    const opened = openToken(this.#keys, name, this.#context.cookies().get(name));
    this.#isOutdated = opened?.isOutdated === true;
    return opened === undefined
      ? undefined
      : chain(this.#readReceived(opened.text), (received) => this.#accepted(received));
  }

  #readReceived(text: string): MaybePromise<ReceivedSession | undefined> {
    const store = this.#store;
    if (store === undefined) {
      const received = readWhole(text);
      this.#id = received?.id;
      return received;
    }
    const id = readId(text);
    this.#id = id;
    return id === undefined
      ? undefined
      : chain(store.load(id), (stored) => (typeof stored === "string" ? readStored(id, stored) : undefined));
  }

  /** What is not over and fits the schema; with what the schema makes of the data. */
  #accepted(received: ReceivedSession | undefined): ReceivedSession | undefined {
    const { idleTimeout, lifetime, schema } = this.#settings;
    const now = Math.floor(Date.now() / 1000);
    if (
      received === undefined ||
      now >= received.writtenAt + idleTimeout ||
      now >= received.createdAt + lifetime
    ) {
      return undefined;
    }
    if (schema === undefined) {
      return received;
    }
    const result = schema["~standard"].validate(received.data);
    if (isPromiseLike(result)) {
      throw new SessionError("The schema of a session is synchronous: leave out what returns a promise.");
    }
    const { issues, value } = result as StandardResult<object> & { readonly value?: object };
    return issues === undefined && typeof value === "object" && value !== null
      ? { ...received, data: value }
      : undefined;
  }
}
