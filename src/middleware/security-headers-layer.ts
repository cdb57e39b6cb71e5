import { assertOptions } from "../common/assert-options.ts";
import type { LightHeaders } from "../common/light-headers.ts";
import type { Handler, ResponseHandler } from "../handler/handler.ts";
import { asResponseHandler, type WrappingLayer } from "../handler/layer.ts";
import type { SendHook } from "../request/answer-hooks.ts";
import { SWITCHING_PROTOCOLS } from "../response/upgrade-response.ts";
import { type NonceSlot, nonceSlotOf } from "./security/csp-nonce.ts";
import { type CspOptions, type CspPolicy, cspPolicy } from "./security/csp-policy.ts";
import { headerValues } from "./security/header-values.ts";
import { HEADER_NAMES, type SecurityHeadersOptions } from "./security/security-headers-options.ts";

/** What responses get over one transport. */
interface HeaderSet {
  /** Names and values in turn, policies without a nonce included. */
  readonly list: readonly string[];
  /** Those of all of them. */
  readonly names: ReadonlySet<string>;
  readonly noncePolicies: readonly (readonly [name: string, policy: CspPolicy])[];
  /** Names that the options switch off, for the layers further out, too. */
  readonly switchedOff: ReadonlySet<string>;
}

/** What layers further inside have switched off, where they have. */
const switchedOffFor = new WeakMap<object, ReadonlySet<string>>();

const NOT_MODIFIED = 304;

/**
 * Gives every response the headers that make browsers stricter; those of errors, 404 and redirects, too. What a handler or a layer
 * inside has set itself stays as it is.
 *
 * Of several layers the innermost one that says something of a header decides, also with `false`.
 *
 * By default these are `Content-Security-Policy`, `Cross-Origin-Opener-Policy`, `Cross-Origin-Resource-Policy`,
 * `Origin-Agent-Cluster`, `Referrer-Policy`, `X-Content-Type-Options`, `X-DNS-Prefetch-Control`, `X-Frame-Options`,
 * `X-Permitted-Cross-Domain-Policies`, and `Strict-Transport-Security` where the request came by HTTPS. Each can be set, or
 * left out with `false`. `cspNonce(context)` gives a nonce for inline scripts and styles.
 *
 * The headers are put together once; a request costs a look at those that its response has.
 *
 * Throws a `TypeError` or `RangeError` for options that there are not, and for values that would end a header or a
 * directive early.
 *
 * @example
 * ```ts
 * router.addLayerTo(_requestPasser(new SecurityHeadersLayer({ frameOptions: "DENY" })));
 * ```
 * Source: helmet; OWASP Secure Headers Project.
 */
export class SecurityHeadersLayer implements WrappingLayer {
  readonly #secure: HeaderSet;
  readonly #plain: HeaderSet;

  constructor(options: SecurityHeadersOptions = {}) {
    assertOptions("SecurityHeadersLayer", options, Object.keys(HEADER_NAMES));
    assertEndpoints(options);
    this.#secure = headerSet(options, true);
    this.#plain = headerSet(options, false);
  }

  wrap(handler: ResponseHandler): Handler {
    const secure = this.#secure;
    const plain = this.#plain;
    if (secure.noncePolicies.length > 0) {
      return asResponseHandler((context, args) => {
        const slot = nonceSlotOf(context);
        const set = context.scheme === "https" ? secure : plain;
        context.beforeSend((response) => addHeaders(response, set, slot));
        return handler(context, args);
      });
    }
    const addSecure: SendHook = (response) => addHeaders(response, secure, null);
    const addPlain: SendHook = (response) => addHeaders(response, plain, null);
    return asResponseHandler((context, args) => {
      context.beforeSend(context.scheme === "https" ? addSecure : addPlain);
      return handler(context, args);
    });
  }
}

function headerSet(options: SecurityHeadersOptions, isSecure: boolean): HeaderSet {
  const policies = [
    [
      "content-security-policy",
      policyOf("contentSecurityPolicy", options.contentSecurityPolicy ?? true, isSecure),
    ],
    [
      "content-security-policy-report-only",
      policyOf("contentSecurityPolicyReportOnly", options.contentSecurityPolicyReportOnly ?? false, isSecure),
    ],
  ] as const;
  const list: string[] = [];
  for (const [name, value] of headerValues(options, isSecure)) {
    if (value !== null) {
      list.push(name, value);
    }
  }
  const noncePolicies: (readonly [string, CspPolicy])[] = [];
  for (const [name, policy] of policies) {
    if (policy?.hasNonce === true) {
      noncePolicies.push([name, policy]);
    } else if (policy !== null) {
      list.push(name, policy.withoutNonce);
    }
  }
  const names = new Set([
    ...list.filter((_, index) => index % 2 === 0),
    ...noncePolicies.map(([name]) => name),
  ]);
  return { list, names, noncePolicies, switchedOff: switchedOffBy(options) };
}

function switchedOffBy(options: SecurityHeadersOptions): ReadonlySet<string> {
  const names = Object.keys(HEADER_NAMES) as (keyof SecurityHeadersOptions)[];
  return new Set(names.filter((name) => options[name] === false).map((name) => HEADER_NAMES[name]));
}

/** A report to nowhere would be lost in silence. Endpoints that are sent in another way are not known here. */
function assertEndpoints({ reportingEndpoints, ...options }: SecurityHeadersOptions): void {
  for (const policy of [options.contentSecurityPolicy, options.contentSecurityPolicyReportOnly]) {
    const name = typeof policy === "boolean" ? undefined : policy?.directives?.["report-to"];
    if (typeof name === "string" && reportingEndpoints && !Object.hasOwn(reportingEndpoints, name)) {
      throw new TypeError(`report-to is "${name}", which is none of the reportingEndpoints.`);
    }
  }
}

function policyOf(name: string, options: CspOptions | boolean, isSecure: boolean): CspPolicy | null {
  const isDefault = options === true && name === "contentSecurityPolicy";
  return options === false
    ? null
    : cspPolicy(`${name} of SecurityHeadersLayer`, isDefault ? {} : (options as CspOptions), isSecure);
}

/**
 * Those that the response has already stay, and those stay away that a layer further inside has switched off; mostly there
 * are none of these, and the response gets the list in one piece.
 */
function addHeaders(
  response: Parameters<SendHook>[0],
  { list, names, noncePolicies, switchedOff }: HeaderSet,
  slot: NonceSlot | null,
): void {
  const { status, headers } = response;
  if (status === SWITCHING_PROTOCOLS) {
    return;
  }
  const present = (headers as LightHeaders).list;
  const own = present.filter((name, index) => index % 2 === 0 && names.has(name));
  const offInside = switchedOffFor.get(response);
  if (offInside !== undefined) {
    own.push(...offInside);
  }
  if (switchedOff.size > 0) {
    const off = offInside === undefined ? switchedOff : new Set([...offInside, ...switchedOff]);
    switchedOffFor.set(response, off);
  }
  if (own.length === 0) {
    present.push(...list);
  } else {
    for (let index = 0; index < list.length; index += 2) {
      if (!own.includes(list[index] as string)) {
        present.push(list[index] as string, list[index + 1] as string);
      }
    }
  }
  if (slot === null) {
    return;
  }
  slot.isSent = true;
  // A 304 has no nonce: its browser would put a new one to the page that it has kept, which holds the old one.
  if (status !== NOT_MODIFIED) {
    for (const [name, policy] of noncePolicies) {
      if (!own.includes(name)) {
        present.push(name, slot.value === null ? policy.withoutNonce : policy.withNonce(slot.value));
      }
    }
  }
}
