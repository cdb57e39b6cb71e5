import { statSync } from "node:fs";
import { readWhole } from "../../data/file/file-body.ts";
import { type FileContent, WHOLE_LIMIT } from "../../data/file/file-content.ts";
import { TIME_STEP } from "../../data/file/file-etag.ts";
import {
  type FileStats,
  NO_FOLLOW,
  type NoFile,
  type OpenFile,
  openFile,
} from "../../data/file/open-file.ts";
import { type RootDirectory, statsOf } from "../../data/file/root-directory.ts";
import { FileCache } from "./file-cache.ts";
import type { FileHeaders } from "./file-headers.ts";
import { currentTurn, isCurrentTurn, NO_TURN } from "./turn.ts";

export interface StoreSettings {
  readonly followsLinks: boolean;
  /** How much is kept in memory, in bytes. */
  readonly cacheSize: number;
  /** For how long what is kept is not compared, in milliseconds. */
  readonly revalidateAfter: number;
}

/** A file that may be served, open or in memory. */
export interface FoundFile {
  readonly stats: FileStats;
  readonly content: FileContent;
  /** What was made of a file that is in memory, for as long as it is the same. */
  readonly notes: Map<string, FileHeaders> | null;
}

/** Files up to this size are kept in memory, in bytes. */
const KEPT_LIMIT = 128 * 1024;

/** How long the place of a file that is kept counts as known, in milliseconds. */
const PLACE_LIFETIME = 1_000;

/**
 * For how long a look at a file is shared by requests of one turn of the event loop, in milliseconds. They were there
 * when it was taken, but for those that come while the turn goes on, on a connection that had something before.
 */
const SHARED_FOR = 1;

interface Look {
  readonly since: number;
  readonly turn: number;
  readonly stats: Promise<FileStats | null>;
}

/** A small file whose place has been found to be in the directory. */
interface Known extends FoundFile {
  readonly content: Uint8Array;
  readonly bytes: number;
  /** When its place was last asked for, and when it was last compared, on the monotonic clock. */
  placedAt: number;
  comparedAt: number;
  /** In which turn of the event loop that was, if nothing was waited for meanwhile. */
  comparedIn: number;
  /** A look at it that takes a while. */
  look: Look | null;
}

/**
 * Finds files below a directory. Small ones are kept in memory, but the file system is asked for each request, or turn of requests,
 * whether they are still the same, or after a time that it is trusted for: by device, inode, size, and the times of the last change of the content and of the entry. A file that
 * changed less than two seconds ago is not kept, since the next change might not show in its times. Where it is does not
 * show in them if a folder above it has been moved away and a link put in its place: that is asked once a second.
 */
export class FileStore {
  readonly #root: RootDirectory;
  readonly #flags: number;
  readonly #known: FileCache<Known>;
  readonly #trustedFor: number;

  constructor(root: RootDirectory, { followsLinks, cacheSize, revalidateAfter }: StoreSettings) {
    this.#root = root;
    this.#flags = followsLinks ? 0 : NO_FOLLOW;
    this.#known = new FileCache(cacheSize);
    this.#trustedFor = revalidateAfter;
  }

  /**
   * A file that is in memory and still the same, if that can be found out without waiting; else `null`.
   *
   * @param isJustRead whether the request was there before this turn of the event loop began
   */
  findNow(relative: string, isJustRead: boolean): FoundFile | null {
    const known = this.#known.get(relative);
    if (known === undefined) {
      return null;
    }
    const now = performance.now();
    if (this.#isTrusted(known, now, isJustRead)) {
      return known;
    }
    if (known.stats.dev !== this.#root.quickDevice || isDue(known, now)) {
      return null;
    }
    const stats = statsNow(this.#pathOf(relative));
    return stats !== null && isSame(stats, known.stats) ? compared(known, now, turnOf(isJustRead)) : null;
  }

  #isTrusted({ comparedAt, comparedIn }: Known, now: number, isJustRead: boolean): boolean {
    return now - comparedAt < this.#trustedFor || (isJustRead && isShared(comparedAt, comparedIn, now));
  }

  /** The file at a path below the directory, opened. Whoever gets it has to send or release it. */
  async find(relative: string, isJustRead: boolean): Promise<FoundFile | NoFile> {
    const path = this.#pathOf(relative);
    const known = this.#known.get(relative);
    if (known === undefined) {
      return this.#openNow(path, relative, null);
    }
    const now = performance.now();
    if (this.#isTrusted(known, now, isJustRead)) {
      return known;
    }
    if (!isDue(known, now)) {
      const isQuick = known.stats.dev === this.#root.quickDevice;
      const stats = isQuick ? statsNow(path) : await statsLater(path, known, now, isJustRead);
      if (stats !== null && isSame(stats, known.stats)) {
        return compared(known, now, turnOf(isQuick && isJustRead));
      }
    }
    // Requests that come meanwhile do not ask, too.
    known.placedAt = now;
    const found = await this.#openNow(path, relative, known).catch((error: unknown) => {
      this.#known.delete(relative);
      throw error;
    });
    if (typeof found === "string" || found.notes === null) {
      this.#known.delete(relative);
    }
    return found;
  }

  async #openNow(path: string, relative: string, known: Known | null): Promise<FoundFile | NoFile> {
    const opened = await openFile(path, this.#flags);
    return typeof opened === "string" ? opened : this.#admit(opened, path, relative, known);
  }

  #pathOf(relative: string): string {
    return `${this.#root.path}/${relative}`;
  }

  async #admit(
    opened: OpenFile,
    path: string,
    relative: string,
    known: Known | null,
  ): Promise<FoundFile | NoFile> {
    const now = performance.now();
    try {
      const { stats } = opened;
      if (!(await this.#root.holds(path, relative, opened))) {
        opened.close();
        return "missing";
      }
      if (known !== null && isSame(stats, known.stats)) {
        opened.close();
        return compared(known, now, NO_TURN);
      }
      const isSettled = Date.now() - Math.max(stats.mtimeMs, stats.ctimeMs) > TIME_STEP;
      // What is never kept has no notes either: its tag would be made of its content anew for each request.
      if (isSettled && stats.size <= KEPT_LIMIT && this.#known.takes(stats.size)) {
        const content = await readWhole(opened);
        const entry = {
          stats,
          content,
          notes: new Map(),
          bytes: content.length,
          placedAt: now,
          comparedAt: now,
          comparedIn: NO_TURN,
          look: null,
        };
        this.#known.set(relative, entry);
        return entry;
      }
      const content = stats.size <= WHOLE_LIMIT ? await readWhole(opened) : opened;
      return { stats, content, notes: null };
    } catch (error) {
      opened.close();
      throw error;
    }
  }
}

function isDue({ placedAt }: Known, now: number): boolean {
  return now - placedAt > PLACE_LIFETIME;
}

/** Others do not come while sockets are read: a turn that they begin would last until the end of the next one. */
function turnOf(isJustRead: boolean): number {
  return isJustRead ? currentTurn() : NO_TURN;
}

function isShared(since: number, turn: number, now: number): boolean {
  return now - since < SHARED_FOR && isCurrentTurn(turn);
}

/** By a thread, which is asked once for all requests of a turn. */
function statsLater(path: string, known: Known, now: number, isJustRead: boolean): Promise<FileStats | null> {
  if (!isJustRead) {
    return statsOf(path);
  }
  if (known.look === null || !isShared(known.look.since, known.look.turn, now)) {
    known.look = { since: now, turn: currentTurn(), stats: statsOf(path) };
  }
  return known.look.stats;
}

function compared(known: Known, now: number, turn: number): Known {
  known.comparedAt = now;
  known.comparedIn = turn;
  return known;
}

function statsNow(path: string): FileStats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    // Whatever it is, it is met again by whoever opens the file.
    return null;
  }
}

/** The time of the entry's last change cannot be set by programs, and moving a file changes it, too. */
function isSame(one: FileStats, other: FileStats): boolean {
  return (
    one.ino === other.ino &&
    one.mtimeMs === other.mtimeMs &&
    one.ctimeMs === other.ctimeMs &&
    one.size === other.size &&
    one.dev === other.dev
  );
}
