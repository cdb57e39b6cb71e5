import { assertOptions } from "../../common/assert-options.ts";
import { describeValue } from "../../common/describe-value.ts";
import {
  type CspDirectives,
  type CspDirectiveValue,
  DEFAULT_DIRECTIVES,
  directiveNames,
  kindOfDirective,
  NONCE_SOURCE,
} from "./csp-directives.ts";
import { directiveText } from "./csp-values.ts";

export interface CspOptions {
  /** Put over the defaults, directive by directive. */
  readonly directives?: CspDirectives;
  /** Whether what `directives` does not say is as by default. Default `true`. */
  readonly useDefaults?: boolean;
}

/** Stands for the nonce in the text of a policy; no source can hold it. */
const PLACEHOLDER = "\n";

/** A policy as text, cut where the nonce of a request belongs. */
export class CspPolicy {
  readonly hasNonce: boolean;
  /** For requests whose nonce nobody asked for: nothing inline can have it, so that nothing inline runs. */
  readonly withoutNonce: string;
  readonly #pieces: readonly string[];

  constructor(texts: readonly string[], textsWithoutNonce: readonly string[]) {
    this.#pieces = texts.join("; ").split(PLACEHOLDER);
    this.hasNonce = this.#pieces.length > 1;
    this.withoutNonce = textsWithoutNonce.join("; ");
  }

  withNonce(nonce: string): string {
    return this.#pieces.join(`'nonce-${nonce}'`);
  }
}

/**
 * Makes a policy of options, for a transport.
 *
 * Throws a `TypeError` for directives that there are not, or values that would be read in another way.
 *
 * @param owner where the options stand, for errors
 * @param isSecure whether it is for HTTPS: only there insecure requests are upgraded by default
 */
export function cspPolicy(owner: string, options: CspOptions, isSecure: boolean): CspPolicy {
  assertOptions(owner, options, ["directives", "useDefaults"]);
  const { directives = {}, useDefaults = true } = options;
  if (typeof useDefaults !== "boolean") {
    throw new TypeError(`useDefaults of ${owner} is true or false, not ${describeValue(useDefaults)}.`);
  }
  assertOptions(`directives of ${owner}`, directives, directiveNames());
  const defaults = isSecure
    ? { ...DEFAULT_DIRECTIVES, "upgrade-insecure-requests": true }
    : DEFAULT_DIRECTIVES;
  const all = Object.entries({ ...(useDefaults ? defaults : {}), ...directives });
  const texts = (nonce: string | null) =>
    all.flatMap(([name, value]) => textOf(owner, name, value as CspDirectiveValue | undefined, nonce) ?? []);
  const withNonce = texts(PLACEHOLDER);
  if (withNonce.length === 0) {
    throw new TypeError(`${owner} has no directives: write false to send no policy.`);
  }
  return new CspPolicy(withNonce, texts(null));
}

/** `undefined` for a directive that is left out. */
function textOf(
  owner: string,
  name: string,
  value: CspDirectiveValue | undefined,
  nonce: string | null,
): string | undefined {
  if (value === false || value === undefined) {
    return undefined;
  }
  const kind = kindOfDirective(name) ?? "sources";
  if (kind !== "sources" || !Array.isArray(value) || !value.includes(NONCE_SOURCE)) {
    return directiveText(owner, name, kind, value);
  }
  if (!/^(?:script|style|default)-src(?:-elem)?$/.test(name)) {
    throw new TypeError(`'nonce' in ${owner} is for script-src, style-src and their -elem, not for ${name}.`);
  }
  const others = value.filter((source) => source !== NONCE_SOURCE);
  if (nonce === null) {
    // Beside a nonce browsers ignore 'unsafe-inline' (CSP3 §6.7.3.2): it is for old ones. Alone it would let everything run.
    const safe = others.filter((source) => source !== "'unsafe-inline'");
    return directiveText(owner, name, kind, safe);
  }
  return others.length === 0 ? `${name} ${nonce}` : `${directiveText(owner, name, kind, others)} ${nonce}`;
}
