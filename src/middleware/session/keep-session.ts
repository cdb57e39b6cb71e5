import { isPromiseLike } from "../../common/maybe-promise.ts";
import type { StandardResult } from "../../data/standard-schema.ts";
import { type ReceivedSession, Session } from "./session.ts";
import { SessionError } from "./session-error.ts";
import { idText, readStored, storedText, wholeText } from "./session-format.ts";
import type { SessionSettings } from "./session-settings.ts";
import type { SessionStore } from "./session-store.ts";

/** A session to keep, and what can become of its cookie. */
export interface KeptSession {
  readonly session: Session<object>;
  readonly settings: SessionSettings;
  /** The id that the cookie has, where the session itself is over, gone, or does not fit. */
  readonly refusedId: string | undefined;
  /** The id that the store has it under since its layer was left, which may happen again. */
  savedId: string | undefined;
  /** Whether the cookie was made with another key than the newest. */
  readonly isOutdated: boolean;
  /** @param maxAge in seconds; without it, until the browser ends its session */
  write(text: string, maxAge: number | undefined): void;
  remove(): void;
}

/** Of an idle timeout, after how much of it a session is written again: so much too early it may end. */
const RENEWAL = 0.1;

/** Puts the whole session into its cookie. */
export function keepInCookie(kept: KeptSession): void {
  const { session, settings, isOutdated } = kept;
  if (Session.isEmpty(session)) {
    if (endedId(kept) !== undefined) {
      kept.remove();
    }
    return;
  }
  const received = Session.receivedOf(session);
  const changed = changedText(kept);
  const now = Math.floor(Date.now() / 1000);
  if (changed === undefined && !isOutdated && !isDue(received, settings, now)) {
    return;
  }
  const createdAt = createdAtOf(session, now);
  const ttl = ttlOf(createdAt, settings, now);
  const text = wholeText(session.id, createdAt, now, changed ?? Session.textOf(session));
  kept.write(text, settings.isPersistent ? ttl : undefined);
}

/** Puts the session into a store, and its id into the cookie. */
export async function keepInStore(kept: KeptSession, store: SessionStore): Promise<void> {
  const { session, settings, isOutdated } = kept;
  const received = Session.receivedOf(session);
  if (Session.isEmpty(session)) {
    const id = endedId(kept);
    if (id !== undefined) {
      await store.delete(id);
      kept.remove();
    }
    return;
  }
  const changed = changedText(kept);
  if (changed !== undefined) {
    await saveChanged(kept, store, changed);
  } else if (isOutdated || isDue(received, settings, Math.floor(Date.now() / 1000))) {
    await renew(kept, store, session.id);
  }
}

async function saveChanged(kept: KeptSession, store: SessionStore, data: string): Promise<void> {
  const { session, settings, refusedId, isOutdated } = kept;
  const now = Math.floor(Date.now() / 1000);
  const receivedId = Session.receivedOf(session)?.id;
  const presentId = kept.savedId ?? receivedId;
  const isNew = session.id !== presentId;
  const goesOn = isNew && presentId !== undefined && !Session.isCleared(session);
  if (goesOn && typeof (await store.load(presentId)) !== "string") {
    // It was ended meanwhile: under another id it would be back.
    return;
  }
  const createdAt = createdAtOf(session, now);
  const ttl = ttlOf(createdAt, settings, now);
  const isSaved = await store.save(session.id, storedText(createdAt, now, data), { ttl, isNew });
  const replacedId = presentId ?? refusedId;
  if (isNew && replacedId !== undefined) {
    await store.delete(replacedId);
  }
  if (isSaved === false) {
    // The browser may have another one by now, of a login: its cookie must not be touched.
    return;
  }
  kept.savedId = session.id;
  if (session.id !== receivedId || isOutdated || settings.isPersistent) {
    kept.write(idText(session.id), settings.isPersistent ? ttl : undefined);
  }
}

/** Writes again what is there now: since this request has loaded it, others may have changed or ended it. */
async function renew(kept: KeptSession, store: SessionStore, id: string): Promise<void> {
  const { settings, isOutdated } = kept;
  const stored = await store.load(id);
  const present = typeof stored === "string" ? readStored(id, stored) : undefined;
  if (present === undefined) {
    return;
  }
  const now = Math.floor(Date.now() / 1000);
  const ttl = ttlOf(present.createdAt, settings, now);
  const text = storedText(present.createdAt, now, JSON.stringify(present.data));
  const isSaved = await store.save(id, text, { ttl, isNew: false });
  if (isSaved !== false && (isOutdated || settings.isPersistent)) {
    kept.write(idText(id), settings.isPersistent ? ttl : undefined);
  }
}

/** The id of a session that is over with this request. */
function endedId({ session, refusedId, savedId }: KeptSession): string | undefined {
  return savedId ?? Session.receivedOf(session)?.id ?? (Session.isReset(session) ? refusedId : undefined);
}

/** The data as text if it, or the id, has changed. */
function changedText({ session, settings }: KeptSession): string | undefined {
  const changes = Session.changesOf(session);
  if (changes?.isChanged !== true) {
    return undefined;
  }
  assertFits(changes.text, settings);
  return changes.text;
}

function isDue(
  received: ReceivedSession | undefined,
  { idleTimeout }: SessionSettings,
  now: number,
): boolean {
  return received !== undefined && now - received.writtenAt >= idleTimeout * RENEWAL;
}

function createdAtOf(session: Session<object>, now: number): number {
  const received = Session.receivedOf(session);
  return received !== undefined && received.id === session.id ? received.createdAt : now;
}

function ttlOf(createdAt: number, { idleTimeout, lifetime }: SessionSettings, now: number): number {
  return Math.max(1, Math.min(idleTimeout, createdAt + lifetime - now));
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
