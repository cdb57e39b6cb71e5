import { lstat, realpath, realpathSync, type Stats, stat, statfsSync, statSync } from "node:fs";
import { resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describeValue } from "../../common/describe-value.ts";
import { noFile, type OpenFile } from "./open-file.ts";
import { StaticFilesError } from "./static-files-error.ts";

/** The directory that files are served from, and whatever is not in it is not served. */
export class RootDirectory {
  /** Absolute, as it was given: it may be a link that leads elsewhere after the next deployment. */
  readonly path: string;
  readonly #followsLinks: boolean;
  /** The device that the directory is on, if asking it takes no time; else -1. */
  readonly quickDevice: number;
  #realPath: string;

  /** Throws a `StaticFilesError` (`ARGANIA_STATIC_FILES`) for what is no directory. */
  constructor(directory: string | URL, followsLinks: boolean) {
    if (typeof directory !== "string" && !(directory instanceof URL)) {
      throw new StaticFilesError(
        `The directory of static files is a path or a file: URL, not ${describeValue(directory)}.`,
      );
    }
    const path = resolve(typeof directory === "string" ? directory : fileURLToPath(directory));
    const stats = statsNow(path);
    if (stats?.isDirectory() !== true) {
      throw new StaticFilesError(
        `There is no directory ${path}. Relative paths begin in the working directory: new URL("./public/", import.meta.url) is relative to the module.`,
      );
    }
    this.path = path;
    this.#followsLinks = followsLinks;
    this.quickDevice = isLocal(path) ? stats.dev : -1;
    this.#realPath = realpathSync.native(path);
  }

  /**
   * Throws a `StaticFilesError` (`ARGANIA_STATIC_FILES`) if there is no such file now: a misspelled name would be a 404
   * for ever. Whether it may be served is asked again each time.
   */
  assertFile(option: string, relative: string): void {
    const path = resolve(this.path, relative);
    if (statsNow(path)?.isFile() !== true) {
      throw new StaticFilesError(
        `There is no file ${path}, which the option "${option}" of static files names: write its path in the directory, and build it first.`,
      );
    }
  }

  /**
   * Whether a file that has been opened by a path lies in here, wherever links lead. It is asked after the opening, and
   * about the very file: what the path leads to could have changed in between.
   *
   * @param path absolute
   * @param relative the same below this directory, with slashes
   */
  async holds(path: string, relative: string, opened: OpenFile): Promise<boolean> {
    const real = (await opened.location()) ?? (await locationOf(path, opened));
    if (real === null) {
      return false;
    }
    const below = this.#below(real) ?? (await this.#belowAnew(real));
    if (below === null) {
      return false;
    }
    const spelled = sep === "/" ? below : below.replaceAll(sep, "/");
    return spelled === relative || (this.#followsLinks && fold(spelled) !== fold(relative));
  }

  #below(real: string): string | null {
    const prefix = this.#realPath.endsWith(sep) ? this.#realPath : `${this.#realPath}${sep}`;
    return real.startsWith(prefix) ? real.slice(prefix.length) : null;
  }

  async #belowAnew(real: string): Promise<string | null> {
    const realPath = await realPathOf(this.path);
    if (realPath === null || realPath === this.#realPath) {
      return null;
    }
    this.#realPath = realPath;
    return this.#below(real);
  }
}

/** ext4, XFS, Btrfs, tmpfs, ramfs, overlay, ZFS, F2FS and bcachefs, as `statfs` calls them on Linux. */
const LOCAL: ReadonlySet<number> = new Set([
  ...[0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x858458f6],
  ...[0x794c7630, 0x2fc12fc1, 0xf2f52010, 0xca451a4e],
]);

/**
 * Whether the entries of files that are in use are in the memory of the kernel, so that asking for one takes two
 * microseconds. A thread that waits for it instead costs twenty times as much; but from a network an answer may take
 * seconds, or never come.
 */
function isLocal(path: string): boolean {
  return process.platform === "linux" && LOCAL.has(statfsSync(path).type);
}

/**
 * Two spellings that are one to some file systems, which give `README.md` for `/readme.MD`. What is said of a path, by
 * layers and other resources, is said of one spelling: under the others there is nothing.
 */
function fold(path: string): string {
  return path.normalize("NFC").toLowerCase();
}

/**
 * Where an open file is, for systems that do not tell: where its path leads, if that is the same file, and it leads
 * there still. Who can swap links in the directory all the time may be lucky once; the kernel of Linux is not asked so.
 */
async function locationOf(path: string, { stats }: OpenFile): Promise<string | null> {
  const real = await realPathOf(path);
  const found = real === null ? null : await statsOf(real, lstat);
  const isSame = found !== null && found.ino === stats.ino && found.dev === stats.dev;
  return isSame && (await realPathOf(path)) === real ? real : null;
}

/** The stats of what a path leads to, or with `lstat` of itself; `null` where nothing is. */
export function statsOf(path: string, ask: typeof stat | typeof lstat = stat): Promise<Stats | null> {
  return new Promise((resolve, reject) => {
    ask(path, (error, stats) => (error === null ? resolve(stats) : settleMissing(error, resolve, reject)));
  });
}

/** The option `throwIfNoEntry` of `statSync` is silent about `ENOENT` alone. */
function statsNow(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    noFile(error);
    return undefined;
  }
}

function realPathOf(path: string): Promise<string | null> {
  return new Promise((resolve, reject) => {
    realpath.native(path, (error, real) =>
      error === null ? resolve(real) : settleMissing(error, resolve, reject),
    );
  });
}

function settleMissing(
  error: unknown,
  resolve: (value: null) => void,
  reject: (error: unknown) => void,
): void {
  try {
    noFile(error);
    resolve(null);
  } catch (unexpected) {
    reject(unexpected);
  }
}
