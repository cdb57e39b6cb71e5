import { encodeSegment } from "../common/percent.ts";
import type { FinalResource } from "./final-resource.ts";
import { TextChoice } from "./text-choice.ts";

/** Whether a segment is written in URLs as it is. */
export function isPlain(segment: string): boolean {
  return PLAIN.test(segment) || encodeSegment(segment) === segment;
}

/** Most segments, without the cost of encoding them. */
const PLAIN = /^[\w-]+$/;

/** What the children of a resource have from it and from those above it. */
export type FromParent = Pick<FinalResource, "answerer" | "layered" | "properties">;

/** What tells whether a resource only leads on to others. */
export interface LeadingOn extends FromParent {
  readonly hasHandler: boolean;
  readonly regexes: readonly unknown[];
  readonly wildcard: unknown;
}

/** Whether a request that goes astray in a resource is answered just as if it had stopped at the parent. */
export function onlyLeadsOn(child: LeadingOn, parent: FromParent): boolean {
  return (
    !child.hasHandler &&
    child.answerer === parent.answerer &&
    child.layered === parent.layered &&
    child.properties === parent.properties &&
    child.regexes.length === 0 &&
    child.wildcard === null
  );
}

/**
 * The static children whose text is the same in a URL, for the one look at a path that tells which of them it is.
 *
 * A child that only leads on to others is left out for those, as `api/users` and `api/orders`. Not so beside regexes and
 * wildcards, which must not get what belongs to a static child.
 */
export function plainStaticsOf(
  statics: FinalResource["statics"],
  parent: FromParent,
  hasDynamic: boolean,
): TextChoice<FinalResource> | null {
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
  add(statics, "");
  return TextChoice.among(texts, resources);
}
