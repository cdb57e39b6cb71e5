/** A media type with its parameters (RFC 9110 §8.3.1). */
export interface MediaType {
  /** Type and subtype, in lower case. */
  readonly essence: string;
  /** Names in lower case, in the order in which they were written; one may occur twice. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/** Two tokens (RFC 9110 §5.6.2), of letters, digits and these signs. */
const ESSENCE = /^[ \t]*([!#$%&'*+\-.^`|~\w]+\/[!#$%&'*+\-.^`|~\w]+)[ \t]*/;
/** RFC 9110 §5.6.6; a value is a token or a quoted string, and there may be nothing between two semicolons. */
const PARAMETER = /;[ \t]*(?:([!#$%&'*+\-.^`|~\w]+)=([!#$%&'*+\-.^`|~\w]+|"(?:[^"\\]|\\.)*"))?[ \t]*/y;

/** The media type of a header, or `null` when it is malformed. */
export function parseMediaType(header: string): MediaType | null {
  const [before = "", essence = ""] = ESSENCE.exec(header) ?? [];
  if (essence === "") {
    return null;
  }
  const parameters: (readonly [string, string])[] = [];
  PARAMETER.lastIndex = before.length;
  while (PARAMETER.lastIndex < header.length) {
    const match = PARAMETER.exec(header);
    if (match === null) {
      return null;
    }
    const [, name, value = ""] = match;
    if (name !== undefined) {
      parameters.push([
        name.toLowerCase(),
        value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, "$1") : value,
      ]);
    }
  }
  return { essence: essence.toLowerCase(), parameters };
}
