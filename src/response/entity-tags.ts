/** RFC 9110 §8.8.3: `W/` and an opaque tag in quotes, which may hold commas. */
const ENTITY_TAG = /(?:W\/)?"[!#-~\x80-\xff]*"/y;
const WHOLE_ENTITY_TAG = /^(?:W\/)?"[!#-~\x80-\xff]*"$/;

/** Whether a text is an entity tag as it stands in `ETag`: `"v1"` or `W/"v1"`. */
export function isEntityTag(text: string): boolean {
  return WHOLE_ENTITY_TAG.test(text);
}

/** Weak comparison (RFC 9110 §8.8.3.2): the same opaque tag, whether weak or not. */
export function matchesWeakly(one: string, other: string): boolean {
  return opaqueTag(one) === opaqueTag(other);
}

/** Strong comparison (RFC 9110 §8.8.3.2): the same, and neither is weak. */
export function matchesStrongly(one: string, other: string): boolean {
  return one === other && !one.startsWith("W/");
}

function opaqueTag(tag: string): string {
  return tag.startsWith("W/") ? tag.slice(2) : tag;
}

/**
 * Whether any of the tags in a list (`If-Match`, `If-None-Match`) satisfies `matches`. What is no tag is passed over up
 * to the next comma: one broken tag of somebody's cache does not hide the others. Takes linear time.
 */
export function someEntityTag(list: string, matches: (tag: string) => boolean): boolean {
  let position = 0;
  while (position < list.length) {
    const code = list.charCodeAt(position);
    if (code === SPACE || code === TAB || code === COMMA) {
      position++;
      continue;
    }
    ENTITY_TAG.lastIndex = position;
    const tag = ENTITY_TAG.exec(list)?.[0];
    const end = position + (tag?.length ?? 0);
    if (tag !== undefined && isEndOfItem(list, end)) {
      if (matches(tag)) {
        return true;
      }
      position = end;
    } else {
      const comma = list.indexOf(",", position);
      position = comma < 0 ? list.length : comma + 1;
    }
  }
  return false;
}

function isEndOfItem(list: string, position: number): boolean {
  const code = list.charCodeAt(position);
  return position >= list.length || code === COMMA || code === SPACE || code === TAB;
}

const SPACE = 32;
const TAB = 9;
const COMMA = 44;
