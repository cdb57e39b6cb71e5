import { encodeSegment } from "../common/percent.ts";
import type { FinalResource } from "./final-resource.ts";

/** Whether a segment is written in URLs as it is. */
export function isPlain(segment: string): boolean {
  return PLAIN.test(segment) || encodeSegment(segment) === segment;
}

/** Most segments, without the cost of encoding them. */
const PLAIN = /^[\w-]+$/;

/** Whether a request that goes astray in a resource is answered just as if it had stopped at the parent. */
function onlyLeadsOn(child: FinalResource, parent: FinalResource): boolean {
  return (
    !child.hasHandler &&
    child.answerer === parent.answerer &&
    child.layered === parent.layered &&
    child.properties === parent.properties &&
    child.regexes.length === 0 &&
    child.wildcard === null
  );
}

/** The static children whose text is the same in a URL, each at the place of its text. */
export interface PlainStatics {
  readonly texts: string[];
  readonly resources: FinalResource[];
}

/**
 * The static children for the one look at a path that tells which of them it is.
 *
 * A child that only leads on to others is left out for those, as `api/users` and `api/orders`. Not so beside regexes and
 * wildcards, which must not get what belongs to a static child.
 */
export function plainStaticsOf(parent: FinalResource): PlainStatics {
  const hasDynamic = parent.regexes.length > 0 || parent.wildcard !== null;
  const texts: string[] = [];
  const resources: FinalResource[] = [];
  const add = (children: FinalResource["statics"], path: string) =>
    children.forEach((child, segment) => {
      if (!isPlain(segment)) {
        return;
      }
      if (hasDynamic || !onlyLeadsOn(child, parent)) {
        texts.push(`${path}${segment}`);
        resources.push(child);
      } else {
        add(child.statics, `${path}${segment}/`);
      }
    });
  add(parent.statics, "");
  return { texts, resources };
}
