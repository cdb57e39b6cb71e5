import { withoutStack } from "../common/argania-error.ts";
import { assertOptions } from "../common/assert-options.ts";
import { describeValue } from "../common/describe-value.ts";
import { chain, type MaybePromise } from "../common/maybe-promise.ts";
import type { Extractor } from "../data/extractor.ts";
import type { Handler, ResponseHandler } from "../handler/handler.ts";
import type { WrappingLayer } from "../handler/layer.ts";
import type { Args } from "../request/args.ts";
import type { ExtensionKey } from "../request/extensions.ts";
import type { RequestContext } from "../request/request-context.ts";
import { UnauthorizedError } from "./auth/auth-errors.ts";
import { basicCredentials, isName, isPassword } from "./auth/basic-credentials.ts";
import { challenge, checkedRealm } from "./auth/challenge.ts";
import { isNobody, PrincipalGate, type Verdict } from "./auth/principal-gate.ts";
import { SecretList } from "./auth/secret-list.ts";

interface SharedOptions<Principal> {
  /** What browsers show when they ask for the password. Default: `"restricted"`. */
  readonly realm?: string;
  /** Whether requests without credentials pass, too; wrong ones are a 401 all the same. Default: `false`. */
  readonly optional?: boolean;
  /** Where the principal is put for handlers that do not know this layer. */
  readonly principalKey?: ExtensionKey<Principal>;
}

/** Passwords are checked by a function. */
export interface VerifiedBasicOptions<Principal> extends SharedOptions<Principal> {
  /** Who it is; `null`, `undefined` or `false` for nobody. What it throws goes on outwards. Compare with a password hash. */
  verify(
    name: string,
    password: string,
    context: RequestContext,
    args: Args,
  ): MaybePromise<Verdict<Principal>>;
  readonly users?: never;
}

/** Passwords are written in a list; the principal is the name. */
export interface ListedBasicOptions<Principal> extends SharedOptions<Principal> {
  /** The password of each name. They are compared in constant time. */
  readonly users: Readonly<Record<string, string>>;
  readonly verify?: never;
}

export type BasicAuthOptions<Principal> = VerifiedBasicOptions<Principal> | ListedBasicOptions<Principal>;

/** A name is a principal only where it fits its type: else somebody has to say who it is. */
type VerifyWhereNeeded<Principal> = string extends Principal ? unknown : { readonly users?: never };

type Verify<Principal> = (
  name: string,
  password: string,
  context: RequestContext,
  args: Args,
) => MaybePromise<Verdict<Principal>>;

const OWNER = "BasicAuthLayer";
const NAMES = ["verify", "users", "realm", "optional", "principalKey"];

/**
 * Lets requests pass with a name and a password in `Authorization: Basic …`, for which browsers ask. Only over HTTPS: the
 * password goes with every request, readable. Browsers send it with requests of other sites, too: guard changes against
 * CSRF, as with cookies.
 *
 * Other requests get a 401 (`ARGANIA_UNAUTHORIZED`) with a challenge, those with malformed credentials, too. Texts are
 * UTF-8.
 *
 * Throws a `TypeError` for options that cannot be meant.
 *
 * @example
 * ```ts
 * const auth = new BasicAuthLayer({ realm: "metrics", users: { prometheus: process.env.METRICS_PASSWORD } });
 * metrics.addLayerTo(_requestReceiver(auth));
 * ```
 * Source: RFC 7617; tower-http, `ValidateRequestHeaderLayer::basic`.
 */
export class BasicAuthLayer<Principal = string> implements WrappingLayer {
  readonly #gate: PrincipalGate<Principal>;
  readonly #verify: Verify<Principal>;
  readonly #challenge: string;

  constructor(options: BasicAuthOptions<Principal> & VerifyWhereNeeded<Principal>) {
    assertOptions(OWNER, options, NAMES);
    this.#verify = verifierOf(options);
    const realm = checkedRealm(OWNER, options.realm ?? "restricted");
    this.#challenge = challenge("Basic", { realm, charset: "UTF-8" });
    this.#gate = new PrincipalGate({
      owner: OWNER,
      challenge: this.#challenge,
      optional: options.optional,
      key: options.principalKey,
    });
  }

  /** The key of the principal in `context.extensions`. */
  get principalKey(): ExtensionKey<Principal> {
    return this.#gate.key;
  }

  /** The principal, for handlers inside of this layer. Where it is optional, a 401 for a request without credentials. */
  get principal(): Extractor<Principal, object> {
    return this.#gate.principal;
  }

  /** The principal of a request inside of this layer, as the extractor has it. */
  principalOf(context: RequestContext<object>): Principal {
    return this.#gate.principalOf(context);
  }

  wrap(handler: ResponseHandler): Handler {
    return this.#gate.wrap(handler, (context, args) => this.#authenticate(context, args));
  }

  #authenticate(context: RequestContext, args: Args): MaybePromise<Principal | undefined> {
    const credentials = basicCredentials(context.header("authorization"));
    if (credentials === undefined) {
      return undefined;
    }
    const verdict =
      credentials === null ? null : this.#verify(credentials.name, credentials.password, context, args);
    return chain(verdict, (principal) => {
      if (isNobody(principal)) {
        throw withoutStack(() => new UnauthorizedError(this.#challenge));
      }
      return principal;
    });
  }
}

function verifierOf<Principal>(options: BasicAuthOptions<Principal>): Verify<Principal> {
  const { verify, users } = options;
  if ((verify === undefined) === (users === undefined)) {
    throw new TypeError(`${OWNER} takes either verify or users: write { users: { ada: password } }.`);
  }
  if (verify !== undefined) {
    if (typeof verify !== "function") {
      throw new TypeError(
        `verify of ${OWNER} is a function of a name and a password, not ${describeValue(verify)}.`,
      );
    }
    return (...parameters) => options.verify(...parameters);
  }
  return listVerifier(users as Readonly<Record<string, string>>) as Verify<Principal>;
}

function listVerifier(
  users: Readonly<Record<string, string>>,
): (name: string, password: string) => Verdict<string> {
  if (typeof users !== "object" || users === null || Array.isArray(users)) {
    throw new TypeError(
      `users of ${OWNER} is an object with a password for each name, not ${describeValue(users)}.`,
    );
  }
  const entries = Object.entries(users);
  for (const [name, password] of entries) {
    if (!isName(name)) {
      throw new TypeError(
        `The name ${JSON.stringify(name)} of ${OWNER} is empty, or has a colon or a control character.`,
      );
    }
    if (typeof password !== "string" || password === "" || !isPassword(password)) {
      const given =
        typeof password === "string" ? "text with control characters, or none" : describeValue(password);
      throw new TypeError(
        `The password of ${JSON.stringify(name)} of ${OWNER} is ${given}: is the environment variable set?`,
      );
    }
  }
  // Both in one, so that a wrong name takes as long as a wrong password: no name has a colon.
  const secrets = new SecretList(
    OWNER,
    entries.map(([name, password]) => `${name}:${password}`),
  );
  return (name, password) => entries[secrets.indexOf(`${name}:${password}`)]?.[0];
}
