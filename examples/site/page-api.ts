import { _get, _mistargetedRequest, _requestReceiver, json, NotFoundResourceError, Resource } from "argania";
import type { EventChannel } from "argania/sse";
import type { BookStore } from "./book-store.ts";
import { buildBooksApi } from "./books-api.ts";
import { problemJsonLayer } from "./error-layers.ts";

/** The resource `/api`, which the page app uses. What is missing below it stays JSON: no page answers for it. */
export function buildPageApi(store: BookStore, changes: EventChannel): Resource<"/api"> {
  const api = new Resource("/api");
  api.addLayerTo(_requestReceiver(problemJsonLayer));
  api.setHandlerFor(
    _mistargetedRequest.to(() => {
      throw new NotFoundResourceError("This API has no such resource.");
    }),
  );
  api.addSubresource(buildBooksApi(store, changes));
  api.subresource("/health").setHandlerFor(_get.to(() => json({ ok: true })));
  return api;
}
