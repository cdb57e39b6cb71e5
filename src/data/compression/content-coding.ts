import Negotiator from "negotiator";

/** Content codings that responses can have (RFC 9110 §8.4.1, RFC 7932, RFC 8878). */
export type ContentCoding = "br" | "gzip" | "zstd";

export const CONTENT_CODINGS: readonly ContentCoding[] = /* @__PURE__ */ Object.freeze([
  "br",
  "zstd",
  "gzip",
]);

/** What a request takes, the best first: codings, and `identity` for the file as it is. */
export type AcceptedCodings = readonly (ContentCoding | "identity")[];

const ONLY_IDENTITY: AcceptedCodings = /* @__PURE__ */ Object.freeze(["identity"]);

/** Browsers send few different values: what each means is remembered, for so many of them. */
const REMEMBERED = 64;
/** Longer ones are no browser's. */
const LONGEST_REMEMBERED = 200;
const LONGEST = 2_000;

/** What an `Accept-Encoding` takes. */
export type ReadAccepted = (header: string | undefined) => AcceptedCodings;

/** {@link acceptedReader} for all codings. */
export const acceptedCodings: ReadAccepted = /* @__PURE__ */ acceptedReader(CONTENT_CODINGS);

/**
 * Makes a reader of what `Accept-Encoding` takes of some codings (RFC 9110 §12.5.3), in the client's order, then in that of
 * `codings`. Without the header nothing is encoded. Weights that are none rule their coding out.
 */
export function acceptedReader(codings: readonly ContentCoding[]): ReadAccepted {
  const remembered = new Map<string, AcceptedCodings>();
  const available = [...codings, "identity"];
  return (header) => {
    if (header === undefined) {
      return ONLY_IDENTITY;
    }
    const known = remembered.get(header);
    if (known !== undefined) {
      return known;
    }
    const accepted = header.length > LONGEST ? ONLY_IDENTITY : negotiate(header, available);
    if (header.length <= LONGEST_REMEMBERED) {
      if (remembered.size >= REMEMBERED) {
        remembered.clear();
      }
      remembered.set(header, accepted);
    }
    return accepted;
  };
}

const RULES_OUT_IDENTITY = /(?:^|,)[ \t]*(?:identity|\*)[ \t]*;[ \t]*q=0(?:\.0*)?[ \t]*(?:,|$)/i;

/** The types are those of version 0.6, which had no order of one's own. */
interface Preferring {
  encodings(available: readonly string[], options: { preferred: readonly string[] }): string[];
}

function negotiate(header: string, available: readonly string[]): AcceptedCodings {
  const negotiator = new Negotiator({ headers: { "accept-encoding": header } }) as unknown as Preferring;
  const accepted = negotiator.encodings(available, { preferred: available }) as AcceptedCodings;
  // One weight that is none makes the library forget that nothing has ruled out the file as it is.
  const isLost = !accepted.includes("identity") && !RULES_OUT_IDENTITY.test(header);
  return Object.freeze(isLost ? [...accepted, "identity"] : accepted);
}
