import { close, constants, fstat, open, read, readlink, type Stats } from "node:fs";

/** What is known of a file from its own entry in the file system. */
export type FileStats = Pick<Stats, "dev" | "ino" | "size" | "mtimeMs" | "ctimeMs">;

/** What there may be in place of a file that can be sent. */
export type NoFile = "directory" | "missing";

/** A file that a user opened; Node's `FileHandle` is one. */
export interface OpenHandle {
  readonly fd: number;
  close(): Promise<void>;
}

/** What has to be closed. Not the file itself, so that its being forgotten can be noticed. */
interface Descriptor {
  readonly fd: number;
  readonly close: () => void;
}

/** A response that some layer drops is never sent nor cancelled: its file is closed when it is collected. */
const forgotten = new FinalizationRegistry<Descriptor>((descriptor) => descriptor.close());

/**
 * A regular file that is open for reading. It is closed once, and never while it is being read: the number of a closed
 * file is given to the next one, whose bytes would be read then.
 */
export class OpenFile {
  readonly stats: FileStats;
  readonly #descriptor: Descriptor;
  #readCount = 0;
  #isClosed = false;

  constructor(descriptor: Descriptor, stats: FileStats) {
    this.stats = stats;
    this.#descriptor = descriptor;
    forgotten.register(this, descriptor, this);
  }

  get size(): number {
    return this.stats.size;
  }

  /** Reads up to `length` bytes into the beginning of `buffer`; 0 at the end of the file. */
  read(buffer: Uint8Array, length: number, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) {
        reject(new Error("The file has been closed already."));
        return;
      }
      this.#readCount++;
      read(this.#descriptor.fd, buffer, 0, length, position, (error, count) => {
        this.#readCount--;
        this.#closeIfDue();
        error === null ? resolve(count) : reject(error);
      });
    });
  }

  /**
   * Where this very file is, as the kernel has it, whatever has become of the path by which it was opened; `null` where
   * the system does not tell. A file that has been removed is where it was.
   */
  location(): Promise<string | null> {
    return new Promise((resolve) => {
      if (process.platform !== "linux" || this.#isClosed) {
        resolve(null);
        return;
      }
      readlink(`/proc/self/fd/${this.#descriptor.fd}`, (error, path) =>
        resolve(error === null ? path.replace(/ \(deleted\)$/, "") : null),
      );
    });
  }

  /** Closes the file, after the reading that is going on. */
  close(): void {
    if (!this.#isClosed) {
      this.#isClosed = true;
      forgotten.unregister(this);
      this.#closeIfDue();
    }
  }

  #closeIfDue(): void {
    if (this.#isClosed && this.#readCount === 0) {
      this.#descriptor.close();
    }
  }
}

/** Without `O_NONBLOCK` opening a FIFO waits for a writer, and a thread of Node's few with it. Windows has neither. */
const READ: number = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);
/** A symbolic link as the last part of the path is not followed. */
export const NO_FOLLOW: number = constants.O_NOFOLLOW ?? 0;

/**
 * Opens a regular file; only then it is looked at, so that it is the one that will be sent. Rejects with what the file
 * system says, apart from what means that there is no such file.
 *
 * @param flags `NO_FOLLOW`, or 0
 */
export function openFile(path: string | URL, flags = 0): Promise<OpenFile | NoFile> {
  return new Promise((resolve, reject) => {
    open(path, READ | flags, (error, fd) => {
      if (error === null) {
        resolve(fileOf({ fd, close: () => close(fd, ignore) }));
      } else {
        reject(error);
      }
    });
  }).catch(noFile) as Promise<OpenFile | NoFile>;
}

/** Takes over a file that a user opened: it is closed as if it were our own. */
export function adoptHandle(handle: OpenHandle): Promise<OpenFile | NoFile> {
  const closeHandle = () => {
    handle.close().catch(ignore);
  };
  return fileOf({ fd: handle.fd, close: closeHandle });
}

function fileOf(descriptor: Descriptor): Promise<OpenFile | NoFile> {
  return new Promise((resolve, reject) => {
    fstat(descriptor.fd, (error, stats) => {
      if (error === null && stats.isFile()) {
        resolve(new OpenFile(descriptor, stats));
        return;
      }
      descriptor.close();
      if (error === null) {
        resolve(stats.isDirectory() ? "directory" : "missing");
      } else {
        reject(error);
      }
    });
  });
}

/** No such name, one that cannot be, a loop of links, a socket: for whoever asks there is no file. */
const MISSING: ReadonlySet<unknown> = new Set([
  ...["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ELOOP", "EMLINK", "EINVAL", "ERR_INVALID_ARG_VALUE"],
  ...["ENXIO", "ENODEV", "EOPNOTSUPP"],
]);

/** What an error of the file system means; rethrows one that says nothing about whether there is a file. */
export function noFile(error: unknown): NoFile {
  const { code } = error as { code?: unknown };
  if (code === "EISDIR") {
    return "directory";
  }
  if (MISSING.has(code)) {
    return "missing";
  }
  throw error;
}

function ignore(): void {}
