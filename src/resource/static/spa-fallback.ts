import type { RequestContext } from "../../request/request-context.ts";

/** What a browser says of a request for a page, as opposed to one for a script, an image or data. */
const PAGES: ReadonlySet<string> = new Set(["document", "iframe", "frame", "embed", "object"]);
const TAKES_HTML =
  /(?:^|[, ])(?:text\/html|application\/xhtml\+xml|text\/\*|\*\/\*)(?! *;[^,]*\bq=0(?:\.0*)?(?: *[,;]|$))/i;

/**
 * Whether the page of a single-page app may answer for a path that has no file. A script that is missing must not be
 * answered with HTML, nor a `fetch` with a typing error: names with an extension are files, and browsers tell what a
 * request is for.
 */
export function wantsPage(context: RequestContext, segments: readonly string[]): boolean {
  if ((segments.at(-1) ?? "").includes(".")) {
    return false;
  }
  const purpose = context.header("sec-fetch-dest");
  const accept = context.header("accept");
  return (purpose === undefined || PAGES.has(purpose)) && (accept === undefined || TAKES_HTML.test(accept));
}
