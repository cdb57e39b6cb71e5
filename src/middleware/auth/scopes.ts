import { withoutStack } from "../../common/argania-error.ts";
import type { LayerFunction } from "../../handler/layer.ts";
import { asResponseHandler } from "../../handler/layer.ts";
import type { RequestContext } from "../../request/request-context.ts";
import { InsufficientScopeError } from "./auth-errors.ts";
import { challenge, checkedScopes } from "./challenge.ts";

/** The scopes that somebody has: a list, or a text with spaces between them (RFC 6749 §3.3). */
export type ScopesOf<Principal> = (principal: Principal) => Iterable<string> | string | null | undefined;

/** A layer that lets a principal pass who has all of the scopes. */
export function scopesLayer<Principal>(
  realm: string,
  needed: readonly string[],
  principalOf: (context: RequestContext) => Principal,
  scopesOf: ScopesOf<Principal>,
): LayerFunction {
  const scopes = checkedScopes("requireScopes", needed);
  const header = challenge("Bearer", { realm, error: "insufficient_scope", scope: scopes.join(" ") });
  const requireScopes: LayerFunction = (handler) =>
    asResponseHandler((context, args) => {
      const present = toSet(scopesOf(principalOf(context)));
      if (!scopes.every((scope) => present.has(scope))) {
        throw withoutStack(() => new InsufficientScopeError(scopes, header));
      }
      return handler(context, args);
    });
  return requireScopes;
}

/** `scope` as OAuth has it, or `scp` or `scopes`, as some issuers call it: text or a list. */
export function defaultScopesOf(principal: unknown): Iterable<string> | string | undefined {
  if (typeof principal !== "object" || principal === null) {
    return undefined;
  }
  const { scope, scp, scopes } = principal as Readonly<Record<string, unknown>>;
  const value = scope ?? scp ?? scopes;
  return typeof value === "string" || Array.isArray(value) ? value : undefined;
}

function toSet(scopes: Iterable<string> | string | null | undefined): ReadonlySet<string> {
  return new Set(typeof scopes === "string" ? scopes.split(" ") : (scopes ?? []));
}
