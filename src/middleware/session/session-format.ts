import type { CookieCipher } from "../../request/cookies/cookie-key-property.ts";
import type { ReceivedSession } from "./session.ts";

/** The first item of everything written: what is of another format reads as absent. */
const WHOLE = 1;
const ID_ONLY = 2;

/** A token that a key opened. */
export interface OpenedToken {
  readonly text: string;
  /** Whether another key than the newest made it. */
  readonly isOutdated: boolean;
}

export function openToken(
  keys: readonly CookieCipher[],
  name: string,
  token: string | undefined,
): OpenedToken | undefined {
  if (token === undefined) {
    return undefined;
  }
  for (const [age, key] of keys.entries()) {
    const text = key.open(name, token);
    if (text !== undefined) {
      return { text, isOutdated: age > 0 };
    }
  }
  return undefined;
}

/** A whole session, for a cookie; `data` is JSON. */
export function wholeText(id: string, createdAt: number, writtenAt: number, data: string): string {
  return `[${WHOLE},${JSON.stringify(id)},${createdAt},${writtenAt},${data}]`;
}

export function readWhole(text: string): ReceivedSession | undefined {
  const [format, id, createdAt, writtenAt, data] = itemsOf(text);
  return format === WHOLE && typeof id === "string" ? received(id, createdAt, writtenAt, data) : undefined;
}

/** The id of a session that a store keeps, for a cookie. */
export function idText(id: string): string {
  return JSON.stringify([ID_ONLY, id]);
}

export function readId(text: string): string | undefined {
  const [format, id] = itemsOf(text);
  return format === ID_ONLY && typeof id === "string" ? id : undefined;
}

/** A session without its id, for a store. */
export function storedText(createdAt: number, writtenAt: number, data: string): string {
  return `[${WHOLE},${createdAt},${writtenAt},${data}]`;
}

export function readStored(id: string, text: string): ReceivedSession | undefined {
  const [format, createdAt, writtenAt, data] = itemsOf(text);
  return format === WHOLE ? received(id, createdAt, writtenAt, data) : undefined;
}

function received(
  id: string,
  createdAt: unknown,
  writtenAt: unknown,
  data: unknown,
): ReceivedSession | undefined {
  return typeof createdAt === "number" && typeof writtenAt === "number" && isPlain(data)
    ? { id, createdAt, writtenAt, data }
    : undefined;
}

function isPlain(data: unknown): data is object {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

function itemsOf(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
