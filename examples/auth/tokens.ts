import { JwtAuthLayer } from "argania/jwt";
import { SignJWT } from "jose";
import { z } from "zod";
import { appContext, currentUser } from "./app-context.ts";
import type { Role, User } from "./user-store.ts";

/** In seconds. A token cannot be taken back: it lives for a short time only. */
const LIFETIME = 900;
const NAME = "argania-example";

/** What each role may do with the API. */
const SCOPES: Readonly<Record<Role, readonly string[]>> = {
  admin: ["notes:read", "notes:write"],
  member: ["notes:read"],
};

export interface Token {
  readonly access_token: string;
  readonly token_type: "Bearer";
  /** In seconds. */
  readonly expires_in: number;
  readonly scope: string;
}

/** Signs tokens with a secret of 32 bytes or more, and makes the layer that checks them. */
export class Tokens {
  readonly #secret: Uint8Array;

  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  /** Of the wanted scopes those that the user may have; all of them if none are named. */
  async sign({ id, role }: User, wanted: readonly string[] = []): Promise<Token> {
    const scope = SCOPES[role].filter((each) => wanted.length === 0 || wanted.includes(each)).join(" ");
    const token = await new SignJWT({ scope })
      .setProtectedHeader({ alg: "HS256", typ: "at+jwt" })
      .setSubject(id)
      .setIssuer(NAME)
      .setAudience(NAME)
      .setIssuedAt()
      .setExpirationTime(`${LIFETIME} s`)
      .sign(this.#secret);
    return { access_token: token, token_type: "Bearer", expires_in: LIFETIME, scope };
  }

  /** Finds the user of a token in the store of the app: a user who is gone is a 401, whatever the token says. */
  layer() {
    return new JwtAuthLayer({
      key: this.#secret,
      algorithms: ["HS256"],
      issuer: NAME,
      audience: NAME,
      typ: "at+jwt",
      claims: z.object({ sub: z.string(), scope: z.string() }),
      validate: ({ sub }, context) => appContext.of(context).users.find(sub),
      principalKey: currentUser,
    });
  }
}
