import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

export type Role = "admin" | "member";

export interface User {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

interface StoredUser extends User {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

const derive = promisify<string, Uint8Array, number, Buffer>(scrypt);

/** Who may log in. It stands for a database. Of a password only a salted hash is kept, which takes long to make. */
export class UserStore {
  readonly #users = new Map<string, StoredUser>();
  /** Nobody's password. */
  readonly #decoy = { salt: randomBytes(16), hash: randomBytes(32) };

  async add(user: User, password: string): Promise<void> {
    const salt = randomBytes(16);
    this.#users.set(user.id, { ...user, salt, hash: await derive(password, salt, 32) });
  }

  async find(id: string): Promise<User | undefined> {
    const user = this.#users.get(id);
    return user && toUser(user);
  }

  /** The user whose name and password these are. It takes as long for names that there are not: nobody learns which ones are. */
  async logIn(name: string, password: string): Promise<User | undefined> {
    const user = [...this.#users.values()].find((each) => each.name === name);
    const { salt, hash } = user ?? this.#decoy;
    const isRight = timingSafeEqual(await derive(password, salt, 32), hash);
    return user !== undefined && isRight ? toUser(user) : undefined;
  }

  async remove(id: string): Promise<void> {
    this.#users.delete(id);
  }
}

/** Without what nobody else has to know. */
function toUser({ id, name, role }: StoredUser): User {
  return { id, name, role };
}
