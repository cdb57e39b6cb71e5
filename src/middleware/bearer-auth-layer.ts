import { withoutStack } from "../common/argania-error.ts";
import { assertOptions, wholeNumberOption } from "../common/assert-options.ts";
import { describeValue } from "../common/describe-value.ts";
import { chain, type MaybePromise } from "../common/maybe-promise.ts";
import type { Extractor } from "../data/extractor.ts";
import type { Handler, ResponseHandler } from "../handler/handler.ts";
import type { LayerFunction, WrappingLayer } from "../handler/layer.ts";
import type { Args } from "../request/args.ts";
import type { ExtensionKey } from "../request/extensions.ts";
import type { RequestContext } from "../request/request-context.ts";
import { MalformedCredentialsError, UnauthorizedError } from "./auth/auth-errors.ts";
import { bearerToken, isToken } from "./auth/bearer-token.ts";
import { challenge, checkedRealm } from "./auth/challenge.ts";
import { isNobody, PrincipalGate, type Verdict } from "./auth/principal-gate.ts";
import { defaultScopesOf, type ScopesOf, scopesLayer } from "./auth/scopes.ts";
import { SecretList } from "./auth/secret-list.ts";

interface SharedOptions<Principal> {
  /** What the challenge calls the protected space. Default: `"api"`. */
  readonly realm?: string;
  /** Whether requests without a token pass, too; one that is not good is a 401 all the same. Default: `false`. */
  readonly optional?: boolean;
  /** Where the principal is put for handlers that do not know this layer. */
  readonly principalKey?: ExtensionKey<Principal>;
  /** The scopes of a principal, for `requireScopes`. Default: its `scope`, `scp` or `scopes`. */
  readonly scopesOf?: ScopesOf<Principal>;
  /** How many characters a token may have; a longer one is not good. Default: 8,192. */
  readonly maxTokenLength?: number;
}

/** Who has a token is found out by a function. */
export interface VerifiedBearerOptions<Principal> extends SharedOptions<Principal> {
  /**
   * Who a token belongs to; `null`, `undefined` or `false` for nobody. What it throws goes on outwards: a database that
   * is down is a 500, not a 401. Look tokens up by their hash, so that comparing them tells nothing.
   */
  verify(token: string, context: RequestContext, args: Args): MaybePromise<Verdict<Principal>>;
  readonly tokens?: never;
}

/** Who has a token is written in a list. */
export interface ListedBearerOptions<Principal> extends SharedOptions<Principal> {
  /** The principal of each token. They are compared in constant time. At least 16 characters each. */
  readonly tokens: Readonly<Record<string, Principal>>;
  readonly verify?: never;
}

export type BearerAuthOptions<Principal> = VerifiedBearerOptions<Principal> | ListedBearerOptions<Principal>;

const OWNER = "BearerAuthLayer";
const NAMES = ["verify", "tokens", "realm", "optional", "principalKey", "scopesOf", "maxTokenLength"];
/** A token that can be guessed is none: 16 characters of base64url are 96 bits. */
const SHORTEST_TOKEN = 16;

/**
 * Lets requests pass that have a good token in `Authorization: Bearer …`, and hands on who has it. Tokens in the query or in
 * bodies are not looked for: they end up in logs and histories.
 *
 * Without a token the answer is 401 (`ARGANIA_UNAUTHORIZED`) with a challenge, with a bad one the same with
 * `error="invalid_token"`, with a header that is malformed, or has another one after it, 400 (`ARGANIA_MALFORMED_CREDENTIALS`), where a
 * scope is missing 403 (`ARGANIA_INSUFFICIENT_SCOPE`). No answer says why a token is not good.
 *
 * Throws a `TypeError` or a `RangeError` for options that cannot be meant.
 *
 * @example
 * ```ts
 * const auth = new BearerAuthLayer({ verify: (token) => users.findByTokenHash(sha256(token)) });
 *
 * api.addLayerTo(_requestReceiver(auth));
 * notes.addLayerTo(_methodHandler("POST", auth.requireScopes("notes:write")));
 * notes.setHandlerFor(_get.to([auth.principal], (user) => json(notesOf(user))), _post.to(create));
 * ```
 * Source: RFC 6750; tower-http, `ValidateRequestHeaderLayer::bearer`; Fastify's bearer-auth.
 */
export class BearerAuthLayer<Principal> implements WrappingLayer {
  readonly #gate: PrincipalGate<Principal>;
  readonly #verify: (token: string, context: RequestContext, args: Args) => MaybePromise<Verdict<Principal>>;
  readonly #realm: string;
  readonly #scopesOf: ScopesOf<Principal>;
  readonly #maxTokenLength: number;

  constructor(options: BearerAuthOptions<Principal>) {
    assertOptions(OWNER, options, NAMES);
    this.#verify = verifierOf(options);
    this.#realm = checkedRealm(OWNER, options.realm);
    this.#scopesOf = options.scopesOf ?? defaultScopesOf;
    this.#maxTokenLength = wholeNumberOption(OWNER, "maxTokenLength", options.maxTokenLength, {
      least: SHORTEST_TOKEN,
      greatest: 1_048_576,
      preset: 8192,
    });
    this.#gate = new PrincipalGate({
      owner: OWNER,
      challenge: challenge("Bearer", { realm: this.#realm }),
      optional: options.optional,
      key: options.principalKey,
    });
  }

  /** The key of the principal in `context.extensions`. */
  get principalKey(): ExtensionKey<Principal> {
    return this.#gate.key;
  }

  /** The principal, for handlers inside of this layer. Where the layer is optional, a 401 for a request without a token. */
  get principal(): Extractor<Principal, object> {
    return this.#gate.principal;
  }

  /** The principal of a request inside of this layer, as the extractor has it. */
  principalOf(context: RequestContext<object>): Principal {
    return this.#gate.principalOf(context);
  }

  /** A layer, for further in, that lets those pass who have all of the scopes; others get a 403 that names them. */
  requireScopes(...scopes: readonly string[]): LayerFunction {
    return scopesLayer(this.#realm, scopes, (context) => this.principalOf(context), this.#scopesOf);
  }

  wrap(handler: ResponseHandler): Handler {
    return this.#gate.wrap(handler, (context, args) => this.#authenticate(context, args));
  }

  #authenticate(context: RequestContext, args: Args): MaybePromise<Principal | undefined> {
    const token = bearerToken(context.header("authorization"));
    if (token === undefined) {
      return undefined;
    }
    if (token === null) {
      const header = challenge("Bearer", { realm: this.#realm, error: "invalid_request" });
      throw withoutStack(() => new MalformedCredentialsError(header));
    }
    if (token.length > this.#maxTokenLength) {
      throw this.#invalidToken();
    }
    return chain(this.#verify(token, context, args), (verdict) => {
      if (isNobody(verdict)) {
        throw this.#invalidToken();
      }
      return verdict;
    });
  }

  #invalidToken(): UnauthorizedError {
    const header = challenge("Bearer", { realm: this.#realm, error: "invalid_token" });
    return withoutStack(() => new UnauthorizedError(header));
  }
}

function verifierOf<Principal>(
  options: BearerAuthOptions<Principal>,
): (token: string, context: RequestContext, args: Args) => MaybePromise<Verdict<Principal>> {
  const { verify, tokens } = options;
  if ((verify === undefined) === (tokens === undefined)) {
    throw new TypeError(`${OWNER} takes either verify or tokens: write { verify: (token) => … }.`);
  }
  if (verify !== undefined) {
    if (typeof verify !== "function") {
      throw new TypeError(`verify of ${OWNER} is a function of a token, not ${describeValue(verify)}.`);
    }
    return (token, context, args) => options.verify(token, context, args);
  }
  return listVerifier(tokens as Readonly<Record<string, Principal>>);
}

function listVerifier<Principal>(
  tokens: Readonly<Record<string, Principal>>,
): (token: string) => Verdict<Principal> {
  if (typeof tokens !== "object" || tokens === null || Array.isArray(tokens)) {
    throw new TypeError(
      `tokens of ${OWNER} is an object with a principal for each token, not ${describeValue(tokens)}: write { [process.env.API_TOKEN]: "ci" }.`,
    );
  }
  const entries = Object.entries(tokens);
  for (const [token, principal] of entries) {
    // Not the token itself: messages end up in logs.
    if (token.length < SHORTEST_TOKEN || !isToken(token)) {
      throw new RangeError(
        `A token of ${OWNER} has ${token.length} characters, and not ${SHORTEST_TOKEN} at least of those that RFC 6750 allows. Make one with: node -p "crypto.randomBytes(32).toString('base64url')"`,
      );
    }
    if (isNobody(principal)) {
      throw new TypeError(
        `The principal of a token of ${OWNER} is not ${describeValue(principal)}: it would never pass.`,
      );
    }
  }
  const secrets = new SecretList(
    OWNER,
    entries.map(([token]) => token),
  );
  return (token) => entries[secrets.indexOf(token)]?.[1];
}
