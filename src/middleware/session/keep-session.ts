import { isPromiseLike } from "../../common/maybe-promise.ts";
import type { StandardResult } from "../../data/standard-schema.ts";
import { Session } from "./session.ts";
import { SessionError } from "./session-error.ts";
import { idText, storedText, wholeText } from "./session-format.ts";
import type { SessionSettings } from "./session-settings.ts";
import type { SessionStore } from "./session-store.ts";

/** A session to keep, and what can become of its cookie. */
export interface KeptSession {
  readonly session: Session<object>;
  readonly settings: SessionSettings;
  /** Whether the cookie was made with another key than the newest. */
  readonly isOutdated: boolean;
  /** @param maxAge in seconds; without it, until the browser ends its session */
  write(text: string, maxAge: number | undefined): void;
  remove(): void;
}

/** What is to be written, or `undefined` when nothing has to be. */
interface Writing {
  readonly text: string;
  readonly createdAt: number;
  readonly now: number;
  /** In seconds. */
  readonly ttl: number;
}

/** Of an idle timeout, after how much of it a session is written again: so much too early it may end. */
const RENEWAL = 0.1;

/** Puts the whole session into its cookie. */
export function keepInCookie(kept: KeptSession): void {
  const { session, settings } = kept;
  if (Session.isEmpty(session)) {
    if (!session.isNew) {
      kept.remove();
    }
    return;
  }
  const writing = writingOf(kept);
  if (writing !== undefined) {
    const { text, createdAt, now, ttl } = writing;
    kept.write(wholeText(session.id, createdAt, now, text), settings.isPersistent ? ttl : undefined);
  }
}

/** Puts the session into a store, and its id into the cookie. */
export async function keepInStore(kept: KeptSession, store: SessionStore): Promise<void> {
  const { session, settings, isOutdated } = kept;
  const receivedId = Session.receivedOf(session)?.id;
  if (Session.isEmpty(session)) {
    if (receivedId !== undefined) {
      await store.delete(receivedId);
      kept.remove();
    }
    return;
  }
  const writing = writingOf(kept);
  if (writing === undefined) {
    return;
  }
  const { text, createdAt, now, ttl } = writing;
  const isNew = session.id !== receivedId;
  const isSaved = await store.save(session.id, storedText(createdAt, now, text), { ttl, isNew });
  if (receivedId !== undefined && isNew) {
    await store.delete(receivedId);
  }
  if (isSaved === false) {
    kept.remove();
  } else if (isNew || isOutdated || settings.isPersistent) {
    kept.write(idText(session.id), settings.isPersistent ? ttl : undefined);
  }
}

function writingOf({ session, settings, isOutdated }: KeptSession): Writing | undefined {
  const received = Session.receivedOf(session);
  const now = Math.floor(Date.now() / 1000);
  const changes = Session.changesOf(session);
  const isDue = received !== undefined && now - received.writtenAt >= settings.idleTimeout * RENEWAL;
  if (changes?.isChanged !== true && !isDue && !isOutdated) {
    return undefined;
  }
  const text = changes?.text ?? Session.textOf(session);
  if (changes?.isChanged === true) {
    assertFits(text, settings);
  }
  const createdAt = received !== undefined && received.id === session.id ? received.createdAt : now;
  const ttl = Math.min(settings.idleTimeout, createdAt + settings.lifetime - now);
  return { text, createdAt, now, ttl: Math.max(1, ttl) };
}

/** What would read as empty the next time is a mistake here, and would be a riddle there. */
function assertFits(text: string, { schema }: SessionSettings): void {
  const result = schema?.["~standard"].validate(JSON.parse(text));
  if (result === undefined || isPromiseLike(result)) {
    return;
  }
  const { issues } = result as StandardResult<object>;
  if (issues !== undefined) {
    const list = issues.map(({ path, message }) => `${pathOf(path)}: ${message}`).join("; ");
    throw new SessionError(
      `The session does not fit its schema, and would read as empty (${list}): make what may be missing optional, and take what JSON gives back, as a date as text.`,
    );
  }
}

function pathOf(path: readonly (PropertyKey | { readonly key: PropertyKey })[] = []): string {
  return Array.from(path, (part) => String(typeof part === "object" ? part.key : part)).join(".");
}
