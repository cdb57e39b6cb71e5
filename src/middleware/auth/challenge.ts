import { describeValue } from "../../common/describe-value.ts";

/** RFC 9110 §5.6.4, without what nobody needs in a realm and some clients cannot read: only ASCII, no `"` and `\`. */
const QUOTABLE = /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/;
/** RFC 6749 §3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** A realm as it is written in a challenge. Throws a `TypeError` for one that cannot be. */
export function checkedRealm(owner: string, realm: unknown = "api"): string {
  if (typeof realm !== "string" || !QUOTABLE.test(realm)) {
    const given = typeof realm === "string" ? JSON.stringify(realm) : describeValue(realm);
    throw new TypeError(`realm of ${owner} is text in ASCII without quotes and backslashes, not ${given}.`);
  }
  return realm;
}

/** Throws a `TypeError` for what is no list of scopes. */
export function checkedScopes(owner: string, scopes: readonly unknown[]): readonly string[] {
  const wrong = scopes.find((scope) => typeof scope !== "string" || !SCOPE.test(scope));
  if (scopes.length === 0 || wrong !== undefined) {
    const given = typeof wrong === "string" ? JSON.stringify(wrong) : describeValue(wrong);
    throw new TypeError(
      `${owner} takes scopes such as "notes:write", each without spaces and quotes, not ${scopes.length === 0 ? "none" : given}.`,
    );
  }
  return [...(scopes as readonly string[])];
}

/** The value of a `WWW-Authenticate` header (RFC 9110 §11.6.1). */
export function challenge(scheme: string, params: Readonly<Record<string, string>>): string {
  const list = Object.entries(params).map(([name, value]) => `${name}="${value}"`);
  return `${scheme} ${list.join(", ")}`;
}
