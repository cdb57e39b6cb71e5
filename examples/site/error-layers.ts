import { ErrorHandlerLayer, ErrorResponse, html, type RequestContext, respond } from "argania";
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
  if (error instanceof ErrorResponse && acceptsHtml(context)) {
    return respond(error.status, error.headers, html(errorPage(error.status, context.path)));
  }
  throw error;
});

function acceptsHtml(context: RequestContext): boolean {
  return context.header("accept")?.includes("text/html") ?? false;
}

function errorPage(status: number, path: string): string {
  const what = status === 404 ? "There is nothing at" : "This went wrong at";
  return page(
    `Error ${status}`,
    `<h1>${status}</h1><p>${what} <code>${escapeHtml(path)}</code>.</p><p><a href="/">Home</a></p>`,
  );
}
