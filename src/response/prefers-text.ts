/**
 * Whether a client would rather read text than JSON (RFC 9110 §12.5.1). No preference means JSON: an API is the
 * common case, and browsers, which prefer `text/html`, say so.
 */
export function prefersText(accept: string | undefined): boolean {
  if (accept === undefined || accept === "" || accept === "*/*") {
    return false;
  }
  const text = Math.max(qualityOf(accept, "text/plain"), qualityOf(accept, "text/html"));
  const json = Math.max(qualityOf(accept, "application/problem+json"), qualityOf(accept, "application/json"));
  return text > json;
}

/** The weight of the most specific range that covers `type`; 0 when none does. */
function qualityOf(accept: string, type: string): number {
  const slash = type.indexOf("/");
  let specificity = -1;
  let quality = 0;
  for (const range of accept.split(",", 64)) {
    const [name = "", ...parameters] = range.split(";");
    const media = name.trim().toLowerCase();
    const level = media === type ? 2 : media === `${type.slice(0, slash)}/*` ? 1 : media === "*/*" ? 0 : -1;
    if (level > specificity) {
      specificity = level;
      const weight = parameters
        .map((parameter) => parameter.trim())
        .find((parameter) => /^q=/i.test(parameter));
      quality = weight === undefined ? 1 : Number.parseFloat(weight.slice(2)) || 0;
    }
  }
  return quality;
}
