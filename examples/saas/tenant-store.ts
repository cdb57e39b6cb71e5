import { readFile, rename, writeFile } from "node:fs/promises";
import { ErrorResponse } from "argania";
import { Tenant, type TenantRecord } from "./tenant.ts";

export class SlugTakenError extends ErrorResponse {
  readonly code = "SLUG_TAKEN";
  readonly status = 409;
}

/** All tenants. It stands for a database: what asks it waits for a promise. */
export class TenantStore {
  readonly #file: string | null;
  readonly #tenants: Map<string, Tenant>;

  private constructor(file: string | null, records: readonly TenantRecord[]) {
    this.#file = file;
    this.#tenants = new Map(records.map((record) => [record.slug, new Tenant(record)]));
  }

  /** `samples` are what a store begins with that has no file yet. */
  static async open(file: string | null, samples: readonly TenantRecord[] = []): Promise<TenantStore> {
    return new TenantStore(file, (file === null ? null : await readRecords(file)) ?? samples);
  }

  async find(slug: string): Promise<Tenant | undefined> {
    return this.#tenants.get(slug);
  }

  async list(): Promise<readonly Tenant[]> {
    return [...this.#tenants.values()];
  }

  async create(record: TenantRecord): Promise<Tenant> {
    if (this.#tenants.has(record.slug)) {
      throw new SlugTakenError(`There is a tenant "${record.slug}" already.`);
    }
    const tenant = new Tenant(record);
    this.#tenants.set(record.slug, tenant);
    return tenant;
  }

  async remove(slug: string): Promise<boolean> {
    return this.#tenants.delete(slug);
  }

  /** Writes everything down. Under another name first, so that the file is never half of what it was. */
  async close(): Promise<void> {
    if (this.#file !== null) {
      await writeFile(`${this.#file}.new`, JSON.stringify([...this.#tenants.values()], null, 2));
      await rename(`${this.#file}.new`, this.#file);
    }
  }
}

async function readRecords(file: string): Promise<readonly TenantRecord[] | null> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return null;
    }
    throw error;
  }
}

export const sampleTenants: readonly TenantRecord[] = [
  { slug: "acme", name: "Acme", maxTasks: 100, tasks: [{ id: 1, title: "Build a rocket", isDone: false }] },
  { slug: "globex", name: "Globex", maxTasks: 2, tasks: [{ id: 1, title: "Rule the world", isDone: false }] },
];
