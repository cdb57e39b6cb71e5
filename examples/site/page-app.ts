import {
  _get,
  _mistargetedRequest,
  _requestReceiver,
  html,
  json,
  NotFoundResourceError,
  Resource,
} from "argania";
import { buildAssets, readPublicFile } from "./assets.ts";
import type { BookStore } from "./book-store.ts";
import { buildBooksApi } from "./books-api.ts";
import { errorPageLayer, problemJsonLayer } from "./error-layers.ts";
import { page } from "./html-page.ts";

/** The tree of `localhost`: a home page, a single-page app with its assets, and the API that the app uses. */
export function buildPageApp(store: BookStore): Resource<"/"> {
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver(errorPageLayer));
  root.setHandlerFor(_get.to(() => html(homePage(app.href()))));

  // The subtree handler: every path below /app that is no resource of its own is the same page, and the app's own
  // router decides what it shows.
  const app = root.subresource("/app *");
  const appPage = new TextDecoder().decode(readPublicFile("index.html"));
  app.setHandlerFor(_get.to(() => html(appPage)));

  root.addSubresource([buildAssets(), buildApi(store)]);
  return root;
}

/** The resource `/api`. What is missing below it stays JSON: no page answers for it. */
function buildApi(store: BookStore): Resource<"/api"> {
  const api = new Resource("/api");
  api.addLayerTo(_requestReceiver(problemJsonLayer));
  api.setHandlerFor(
    _mistargetedRequest.to(() => {
      throw new NotFoundResourceError("This API has no such resource.");
    }),
  );
  api.addSubresource(buildBooksApi(store));
  api.subresource("/health").setHandlerFor(_get.to(() => json({ ok: true })));
  return api;
}

function homePage(app: string): string {
  return page("Argania's example site", `<h1>It works.</h1><p><a href="${app}">Open the app.</a></p>`);
}
