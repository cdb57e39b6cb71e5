import { ErrorHandlerLayer, ErrorResponse, html, type RequestContext, respond } from "argania";
import { accepts, negotiate } from "argania/negotiation";
import { escapeHtml, page } from "./html-page.ts";

/** Errors below this layer are problem details, whatever the client accepts. Others go on outwards: they are bugs. */
export const problemJsonLayer = new ErrorHandlerLayer((error) => {
  if (error instanceof ErrorResponse) {
    return error.intoResponse();
  }
  throw error;
});

/** A page for those who see errors in a browser; everybody else gets what the framework renders. */
export const errorPageLayer = new ErrorHandlerLayer((error, context) => {
  if (!(error instanceof ErrorResponse)) {
    throw error;
  }
  const rendered = () => {
    throw error;
  };
  const shown = () => respond(error.status, error.headers, html(errorPage(error, context.path)));
  // It says `Vary: Accept`, or else a cache would hand the page to those who want JSON.
  return negotiate(context, { "application/json": rendered, "text/html": shown }, rendered);
});

/** Whether a page is wanted rather than JSON: a browser says so, curl and `fetch` take anything. */
export function prefersHtml(context: RequestContext<object>): boolean {
  return accepts(context, ["application/json", "text/html"]) === "text/html";
}

/** The message of an `ErrorResponse` is for the client; its cause is not. */
function errorPage({ status, message }: ErrorResponse, path: string): string {
  const what = status === 404 ? "There is nothing at" : "This went wrong at";
  return page(
    `Error ${status}`,
    `<h1>${status}</h1><p>${what} <code>${escapeHtml(path)}</code>.</p><p>${escapeHtml(message)}</p><p><a href="/">Home</a></p>`,
  );
}
