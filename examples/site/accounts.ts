import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

interface StoredPassword {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

/** Who may log in. Of a password only a salted hash is kept, which takes long to make: guessing is slow. */
export class Accounts {
  readonly #passwords: ReadonlyMap<string, StoredPassword>;
  readonly #nobodysPassword: StoredPassword;

  private constructor(passwords: ReadonlyMap<string, StoredPassword>, nobodysPassword: StoredPassword) {
    this.#passwords = passwords;
    this.#nobodysPassword = nobodysPassword;
  }

  /** One account for each name, all with the same password: enough for an example. */
  static async create(names: readonly string[], password: string): Promise<Accounts> {
    const passwords = names.map(async (name) => [name, await store(password)] as const);
    return new Accounts(new Map(await Promise.all(passwords)), await store(randomBytes(32).toString("hex")));
  }

  /** Takes as long for names that do not exist, so that nobody can find out which ones do. */
  async isPasswordOf(name: string, password: string): Promise<boolean> {
    const { salt, hash } = this.#passwords.get(name) ?? this.#nobodysPassword;
    return timingSafeEqual(await hashOf(password, salt), hash);
  }
}

const derive = promisify<string, Uint8Array, number, Buffer>(scrypt);

async function store(password: string): Promise<StoredPassword> {
  const salt = randomBytes(16);
  return { salt, hash: await hashOf(password, salt) };
}

function hashOf(password: string, salt: Uint8Array): Promise<Uint8Array> {
  return derive(password, salt, 32);
}
