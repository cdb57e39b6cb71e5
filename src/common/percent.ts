/** What RFC 3986 lets stand in a path segment (`pchar`) but `encodeURIComponent` encodes. */
const ENCODED_BUT_ALLOWED = /%(?:24|26|2B|2C|3A|3B|3D|40)/g;

/**
 * Percent-encodes one path segment, keeping every character that RFC 3986 §3.3 allows in one.
 *
 * Throws a `URIError` on a lone surrogate, which has no UTF-8 form.
 */
export function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(ENCODED_BUT_ALLOWED, decodeURIComponent);
}

/** Decodes one path segment once; `null` when its escapes are malformed or not UTF-8. */
export function decodeSegment(segment: string): string | null {
  if (!segment.includes("%")) {
    return segment;
  }
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
