import { withoutStack } from "../../common/argania-error.ts";
import { describeValue } from "../../common/describe-value.ts";
import { isPromiseLike, type MaybePromise } from "../../common/maybe-promise.ts";
import type { Extractor } from "../../data/extractor.ts";
import type { Handler, ResponseHandler } from "../../handler/handler.ts";
import { asResponseHandler } from "../../handler/layer.ts";
import type { Args } from "../../request/args.ts";
import { ExtensionKey } from "../../request/extensions.ts";
import type { RequestContext } from "../../request/request-context.ts";
import { UnauthorizedError } from "./auth-errors.ts";

/** What is found out of a request's credentials: `undefined` when it has none. Throws for bad ones. */
export type Authenticate<Principal> = (
  context: RequestContext,
  args: Args,
) => MaybePromise<Principal | undefined>;

/** What a user's `verify` may say of credentials: who it is, or nothing for nobody. */
export type Verdict<Principal> = Principal | null | undefined | false;

export interface GateOptions<Principal> {
  /** The class of the layer, as users write it. */
  readonly owner: string;
  /** The challenge for requests without credentials. */
  readonly challenge: string;
  readonly optional: unknown;
  readonly key: ExtensionKey<Principal> | undefined;
}

/** Lets requests pass whose principal is known, and hands that on. */
export class PrincipalGate<Principal> {
  readonly key: ExtensionKey<Principal>;
  readonly principal: Extractor<Principal, object>;
  readonly #owner: string;
  readonly #challenge: string;
  readonly #isOptional: boolean;
  /** Requests without credentials that have passed all the same. */
  readonly #anonymous = new ExtensionKey<true>("anonymous");

  constructor({ owner, challenge, optional = false, key }: GateOptions<Principal>) {
    if (typeof optional !== "boolean") {
      throw new TypeError(`optional of ${owner} is true or false, not ${describeValue(optional)}.`);
    }
    if (key !== undefined && !(key instanceof ExtensionKey)) {
      throw new TypeError(
        `principalKey of ${owner} is an ExtensionKey, not ${describeValue(key)}: write new ExtensionKey<User>("user").`,
      );
    }
    this.#owner = owner;
    this.#challenge = challenge;
    this.#isOptional = optional;
    this.key = key ?? new ExtensionKey<Principal>("principal");
    this.principal = { extract: (context) => this.principalOf(context) };
  }

  /** The principal of a request that has come through the gate; a 401 when it has none, a `TypeError` without a gate. */
  principalOf({ extensions }: RequestContext<object>): Principal {
    if (extensions.has(this.key)) {
      return extensions.get(this.key) as Principal;
    }
    if (extensions.has(this.#anonymous)) {
      throw this.unauthorized();
    }
    throw new TypeError(`There is no principal: is the ${this.#owner} on the way to this handler?`);
  }

  wrap(handler: ResponseHandler, authenticate: Authenticate<Principal>): Handler {
    const enter = (principal: Principal | undefined, context: RequestContext, args: Args) => {
      if (principal !== undefined) {
        context.extensions.set(this.key, principal);
      } else if (this.#isOptional) {
        context.extensions.set(this.#anonymous, true);
      } else {
        throw this.unauthorized();
      }
      return handler(context, args);
    };
    return asResponseHandler((context, args) => {
      const principal = authenticate(context, args);
      return isPromiseLike(principal)
        ? (principal as Promise<Principal | undefined>).then((value) => enter(value, context, args))
        : enter(principal as Principal | undefined, context, args);
    });
  }

  /** The answer to requests without credentials. */
  unauthorized(): UnauthorizedError {
    return withoutStack(() => new UnauthorizedError(this.#challenge));
  }
}

/** Whether `verify` said that there is nobody with such credentials. */
export function isNobody(verdict: unknown): verdict is null | undefined | false {
  return verdict === null || verdict === undefined || verdict === false;
}
