import Negotiator from "negotiator";
import { describeValue } from "../../common/describe-value.ts";

/** What negotiation needs of a request context. */
export interface AcceptingRequest {
  header(name: string): string | undefined;
}

/**
 * The media type that the client would rather have than the others, or `undefined` when it accepts none of them. A client
 * that says nothing gets the first one, and the order decides between equals. Add `Vary: Accept` to what depends on it, or let
 * `negotiate` do so.
 *
 * Throws a `TypeError` for what is no media type. Source: RFC 9110 §12.5.1.
 *
 * @example
 * ```ts
 * const type = accepts(context, ["text/html", "application/json"]);
 * ```
 */
export function accepts<const Type extends string>(
  request: AcceptingRequest,
  types: readonly Type[],
): Type | undefined {
  assertOffers(types, "accepts", MEDIA_TYPE, '"text/html"');
  return preferred(request, "accept", types, (negotiator) => negotiator.mediaType(types));
}

/** The same for languages (`Accept-Language`, RFC 9110 §12.5.4): `acceptsLanguages(context, ["en", "fr-CH"])`. */
export function acceptsLanguages<const Language extends string>(
  request: AcceptingRequest,
  languages: readonly Language[],
): Language | undefined {
  assertOffers(languages, "acceptsLanguages", LANGUAGE, '"en"');
  return preferred(request, "accept-language", languages, (negotiator) => negotiator.language(languages));
}

/**
 * The same for content codings (`Accept-Encoding`, RFC 9110 §12.5.3): `acceptsEncodings(context, ["br", "gzip",
 * "identity"])`. A client that says nothing takes anything; most servers send it `identity` then.
 */
export function acceptsEncodings<const Coding extends string>(
  request: AcceptingRequest,
  codings: readonly Coding[],
): Coding | undefined {
  assertOffers(codings, "acceptsEncodings", TOKEN, '"gzip"');
  return preferred(request, "accept-encoding", codings, (negotiator) =>
    (negotiator as PreferringNegotiator).encoding(codings, { preferred: codings }),
  );
}

/** The order decides between codings that the client likes as well: its typings do not know the option yet. */
interface PreferringNegotiator {
  encoding(
    codings: readonly string[],
    options: { readonly preferred: readonly string[] },
  ): string | undefined;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
const MEDIA_TYPE = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+\/[!#$%&'*+\-.^_`|~\dA-Za-z]+(?:\s*;.*)?$/;
/** RFC 5646 §2.1, in short. */
const LANGUAGE = /^[A-Za-z]{1,8}(?:-[A-Za-z\d]{1,8})*$/;

function preferred<T extends string>(
  request: AcceptingRequest,
  name: string,
  offers: readonly T[],
  choose: (negotiator: Negotiator) => string | undefined,
): T | undefined {
  const value = request.header(name);
  const said = value === undefined ? "" : withoutBadWeights(value);
  // An empty Accept-Encoding says that the client takes no coding (RFC 9110 §12.5.3); the others then say nothing.
  if (value === undefined || (name !== "accept-encoding" && NOTHING.test(said))) {
    return offers[0];
  }
  return choose(new Negotiator({ headers: { [name]: said } })) as T | undefined;
}

/** A list may have empty members, which do not count (RFC 9110 §5.6.1). */
const NOTHING = /^[\s,]*$/;

/** RFC 9110 §12.4.2: from 0 to 1, with three decimals at most. */
const WEIGHT = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*$/;

/** What has a weight that is none counts as not said: the library would let `q=-1` or `q=NaN` decide over the others. */
function withoutBadWeights(header: string): string {
  if (!/q\s*=/i.test(header)) {
    return header;
  }
  return header
    .split(",")
    .filter((member) => {
      const weight = /;\s*q\s*=\s*([^;]*)/i.exec(member)?.[1];
      return weight === undefined || WEIGHT.test(weight);
    })
    .join(",");
}

function assertOffers(offers: unknown, name: string, form: RegExp, example: string): void {
  if (!Array.isArray(offers) || offers.length === 0) {
    throw new TypeError(
      `${name} takes a list of what there is, not ${Array.isArray(offers) ? "an empty one" : describeValue(offers)}: ${name}(context, [${example}]).`,
    );
  }
  for (const offer of offers as unknown[]) {
    if (typeof offer !== "string" || !form.test(offer)) {
      const given = typeof offer === "string" ? JSON.stringify(offer) : describeValue(offer);
      throw new TypeError(`${name} cannot offer ${given}: write it as in ${name}(context, [${example}]).`);
    }
  }
}
