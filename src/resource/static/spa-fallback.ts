import type { RequestContext } from "../../request/request-context.ts";

/** What a browser says of a request for a page, as opposed to one for a script, an image or data. */
const PAGES: ReadonlySet<string> = new Set(["document", "iframe", "frame", "embed", "object"]);
const COVERS_HTML = /^(?:text\/html|application\/xhtml\+xml|text\/\*|\*\/\*)$/i;
const IS_REFUSAL = /^q=0(?:\.0*)?$/i;

/** What the answer hangs on where a page may be one. */
export const PAGE_VARY = "accept, sec-fetch-dest";

/**
 * Whether the page of a single-page app could answer for a path that has no file. A script that is missing must not be
 * answered with HTML: names with an extension are files.
 */
export function isPagePath(segments: readonly string[]): boolean {
  return !(segments.at(-1) ?? "").includes(".");
}

/** Whether a request is for a page, as browsers tell: a `fetch` with a typing error must not be answered with HTML. */
export function wantsPage(context: RequestContext): boolean {
  const purpose = context.header("sec-fetch-dest");
  const accept = context.header("accept");
  return (purpose === undefined || PAGES.has(purpose)) && (accept === undefined || takesHtml(accept));
}

/** In pieces, since one regex over all of it would look ahead from each piece to the end of a hostile header. */
function takesHtml(accept: string): boolean {
  return accept.split(",").some((range) => {
    const [type = "", ...parameters] = range.split(";");
    return COVERS_HTML.test(type.trim()) && !parameters.some((each) => IS_REFUSAL.test(each.trim()));
  });
}
