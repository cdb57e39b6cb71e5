import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FormPart, MultipartForm } from "argania/multipart";

/** A file that somebody has uploaded. */
export interface Upload {
  readonly id: number;
  /** Where it is; a name that was made here, which says nothing. */
  readonly path: string;
  /** What its owner calls it: to be shown, never to be used as a path. */
  readonly name: string;
  /** What its owner says it is. */
  readonly type: string;
  readonly bytes: number;
  readonly owner: string;
}

/** Then the oldest go, or the disk would fill up. */
const MOST_FILES = 100;

/** Files in a temporary folder, which goes when the site ends. */
export class UploadStore {
  /** Where the files are. */
  readonly folder: string;
  readonly #uploads = new Map<number, Upload>();
  #nextId = 1;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<UploadStore> {
    return new UploadStore(await mkdtemp(join(tmpdir(), "argania-site-")));
  }

  list(): readonly Upload[] {
    return [...this.#uploads.values()];
  }

  get(id: number): Upload | undefined {
    return this.#uploads.get(id);
  }

  /** Saves the files of a form while they come: all of them, or none if the form turns out to be no good. */
  async saveAll(form: MultipartForm, owner: string): Promise<readonly Upload[]> {
    const saved: Upload[] = [];
    try {
      for await (const part of form) {
        saved.push(await this.#save(part, owner));
      }
    } catch (error) {
      await Promise.all(saved.map(({ path }) => rm(path, { force: true })));
      throw error;
    }
    for (const upload of saved) {
      this.#uploads.set(upload.id, upload);
    }
    await this.#removeOldest();
    return saved;
  }

  /** Removes everything. */
  async close(): Promise<void> {
    this.#uploads.clear();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** `saveTo` writes no faster than the bytes come and no more than the limit; a file that stays incomplete is removed. */
  async #save(part: FormPart, owner: string): Promise<Upload> {
    const path = join(this.folder, crypto.randomUUID());
    const bytes = await part.saveTo(path);
    const name = part.fileName || "unnamed";
    return { id: this.#nextId++, path, name, type: part.contentType, bytes, owner };
  }

  async #removeOldest(): Promise<void> {
    for (const { id, path } of this.list().slice(0, -MOST_FILES)) {
      this.#uploads.delete(id);
      await rm(path, { force: true });
    }
  }
}
