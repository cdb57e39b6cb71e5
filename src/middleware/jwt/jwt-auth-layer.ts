import { withoutStack } from "../../common/argania-error.ts";
import { wholeNumberOption } from "../../common/assert-options.ts";
import { describeValue } from "../../common/describe-value.ts";
import type { MaybePromise } from "../../common/maybe-promise.ts";
import type { Extractor } from "../../data/extractor.ts";
import type { Handler, ResponseHandler } from "../../handler/handler.ts";
import type { LayerFunction, WrappingLayer } from "../../handler/layer.ts";
import type { Args } from "../../request/args.ts";
import { setCookie } from "../../request/cookies/set-cookie.ts";
import { ExtensionKey } from "../../request/extensions.ts";
import type { RequestContext } from "../../request/request-context.ts";
import { addVary } from "../../response/vary.ts";
import { MalformedCredentialsError, UnauthorizedError } from "../auth/auth-errors.ts";
import { bearerToken } from "../auth/bearer-token.ts";
import { challenge, checkedRealm } from "../auth/challenge.ts";
import { isNobody, PrincipalGate } from "../auth/principal-gate.ts";
import { defaultScopesOf, type ScopesOf, scopesLayer } from "../auth/scopes.ts";
import { checkedAlgorithms } from "./algorithms.ts";
import {
  type ClaimRules,
  claimRules,
  type JwtAuthOptions,
  type JwtClaims,
  type ValidateWhereNeeded,
} from "./jwt-options.ts";
import { type KeySourceMaker, keySource } from "./key-source.ts";
import { fittingClaims, isBadToken, type TokenCheck, tokenCheck, verifiedClaims } from "./verify-token.ts";

const OWNER = "JwtAuthLayer";

/** What a token said, and of whom: another layer may have found another principal, under the same key. */
interface Identity<Claims, Principal> {
  readonly principal: Principal;
  readonly claims: Claims;
  /** As the token has them: a schema may have left out its scopes. */
  readonly verified: JwtClaims;
}

/**
 * Lets requests pass that have a good JSON Web Token, and hands on its claims and who they are of. Signatures are checked by
 * `jose`, with the algorithms that you list and no other.
 *
 * The answers are those of a `BearerAuthLayer`: 401 (`ARGANIA_UNAUTHORIZED`) without a token or with one that is not
 * good, 400 (`ARGANIA_MALFORMED_CREDENTIALS`), 403 (`ARGANIA_INSUFFICIENT_SCOPE`). None says why a token is not good; the
 * `cause` of the error does. Where keys cannot be fetched, 503 (`ARGANIA_KEYS_UNAVAILABLE`).
 *
 * Throws a `TypeError` or a `RangeError` for options that cannot be meant or are not safe: no algorithms, `none`, secrets
 * mixed with public keys, short keys, no issuer or audience.
 *
 * @example
 * ```ts
 * const auth = new JwtAuthLayer({
 *   jwks: "https://login.example.com/.well-known/jwks.json",
 *   algorithms: ["RS256"],
 *   issuer: "https://login.example.com/",
 *   audience: "https://api.example.com",
 *   claims: z.object({ sub: z.string() }),
 *   validate: ({ sub }, _context, { nodeExtension }: Args<AppContext>) => nodeExtension.users.find(sub),
 * });
 *
 * notes.addLayerTo(_requestReceiver(auth));
 * notes.setHandlerFor(_get.to([auth.principal], (user) => json(notesOf(user))));
 * ```
 * Source: Loco's middleware with app context; RFC 7519, RFC 8725, RFC 6750.
 */
export class JwtAuthLayer<Claims extends object = JwtClaims, Principal = Claims> implements WrappingLayer {
  /** The claims, for handlers inside of this layer. */
  readonly claims: Extractor<Claims, object>;
  readonly #gate: PrincipalGate<Principal>;
  readonly #identityKey = new ExtensionKey<Identity<Claims, Principal>>("claims of a token");
  readonly #makeSource: KeySourceMaker;
  #check: MaybePromise<TokenCheck> | undefined;
  readonly #rules: ClaimRules;
  readonly #options: JwtAuthOptions<Claims, Principal>;
  readonly #realm: string;
  readonly #cookie: string | undefined;
  readonly #maxTokenLength: number;

  constructor(options: JwtAuthOptions<Claims, Principal> & ValidateWhereNeeded<Claims, Principal>) {
    const algorithms = checkedAlgorithms(OWNER, (options as Partial<typeof options> | undefined)?.algorithms);
    this.#rules = claimRules(OWNER, options);
    this.#makeSource = keySource(OWNER, options, algorithms);
    this.#options = options;
    this.#realm = checkedRealm(OWNER, options.realm);
    this.#cookie = cookieOf(options.from);
    this.#maxTokenLength = wholeNumberOption(OWNER, "maxTokenLength", options.maxTokenLength, {
      least: 64,
      greatest: 1_048_576,
      preset: 8192,
    });
    this.#gate = new PrincipalGate({
      owner: OWNER,
      challenge: challenge("Bearer", { realm: this.#realm }),
      optional: options.optional,
      key: options.principalKey,
    });
    this.claims = {
      extract: (context) => {
        const identity = this.#identityOf(context, this.principalOf(context));
        if (identity === undefined) {
          throw this.#gate.unauthorized();
        }
        return identity.claims;
      },
    };
  }

  /** The key of the principal in `context.extensions`. */
  get principalKey(): ExtensionKey<Principal> {
    return this.#gate.key;
  }

  /**
   * The principal, for handlers inside of this layer: what `validate` returned, or the claims. Where the layer is
   * optional, a 401 for a request without a token.
   */
  get principal(): Extractor<Principal, object> {
    return this.#gate.principal;
  }

  /** The principal of a request inside of this layer, as the extractor has it. */
  principalOf(context: RequestContext<object>): Principal {
    return this.#gate.principalOf(context);
  }

  /**
   * A layer, for further in, that lets those pass who have all of the scopes; others get a 403 that names them, as do those
   * whom another layer has found, unless there is a `scopesOf`.
   */
  requireScopes(...scopes: readonly string[]): LayerFunction {
    const { scopesOf } = this.#options;
    const ofClaims = (context: RequestContext) => {
      const principal = this.principalOf(context);
      if (scopesOf !== undefined) {
        return scopesOf(principal);
      }
      const identity = this.#identityOf(context, principal);
      return defaultScopesOf(identity?.claims) ?? defaultScopesOf(identity?.verified);
    };
    const identity: ScopesOf<ReturnType<typeof ofClaims>> = (list) => list;
    return scopesLayer(this.#realm, scopes, ofClaims, identity);
  }

  wrap(handler: ResponseHandler): Handler {
    return this.#gate.wrap(handler, (context, args) => {
      const token = this.#tokenOf(context);
      return token === undefined ? undefined : this.#authenticate(token, context, args);
    });
  }

  #identityOf({ extensions }: RequestContext<object>, principal: Principal) {
    const identity = extensions.get(this.#identityKey);
    return identity?.principal === principal ? identity : undefined;
  }

  #tokenOf(context: RequestContext): string | undefined {
    if (this.#cookie !== undefined) {
      context.beforeSend(({ headers }) => addVary(headers, "Cookie"));
      return context.cookies().get(this.#cookie);
    }
    const token = bearerToken(context.header("authorization"));
    if (token === null) {
      const header = challenge("Bearer", { realm: this.#realm, error: "invalid_request" });
      throw withoutStack(() => new MalformedCredentialsError(header));
    }
    return token;
  }

  async #authenticate(token: string, context: RequestContext, args: Args): Promise<Principal> {
    if (token.length > this.#maxTokenLength) {
      throw this.#invalidToken();
    }
    const [claims, verified] = await this.#claimsOf(token);
    const { validate } = this.#options;
    const verdict =
      validate === undefined ? (claims as unknown as Principal) : await this.#validate(claims, context, args);
    if (isNobody(verdict)) {
      throw this.#invalidToken();
    }
    context.extensions.set(this.#identityKey, { principal: verdict, claims, verified });
    return verdict;
  }

  async #claimsOf(token: string): Promise<[fitting: Claims, verified: JwtClaims]> {
    this.#check ??= tokenCheck(this.#makeSource, this.#rules);
    const check = await this.#check;
    try {
      const verified = await verifiedClaims(token, check);
      return [await fittingClaims(verified, this.#options.claims), verified];
    } catch (error) {
      throw isBadToken(error, check) ? this.#invalidToken(error) : error;
    }
  }

  #validate(
    claims: Claims,
    context: RequestContext,
    args: Args,
  ): MaybePromise<Principal | null | undefined | false> {
    return this.#options.validate?.(claims, context, args);
  }

  #invalidToken(cause?: unknown): UnauthorizedError {
    const header = challenge("Bearer", { realm: this.#realm, error: "invalid_token" });
    return withoutStack(() => new UnauthorizedError(header, cause === undefined ? {} : { cause }));
  }
}

function cookieOf(from: unknown = "bearer"): string | undefined {
  if (from === "bearer") {
    return undefined;
  }
  const cookie = (from as { cookie?: unknown } | null)?.cookie;
  if (typeof cookie !== "string" || Object.keys(from as object).length !== 1) {
    throw new TypeError(`from of ${OWNER} is "bearer" or { cookie: "name" }, not ${describeValue(from)}.`);
  }
  setCookie(cookie, "", {}, true);
  return cookie;
}
