import { _mistargetedRequest, _requestReceiver, NotFoundResourceError, Resource } from "argania";
import { ConditionalRequestsLayer, CorsLayer, CsrfLayer } from "argania/middleware";
import { publishChanges } from "./note-events.ts";
import type { NoteStore } from "./note-store.ts";
import { buildNotes } from "./notes-api.ts";
import type { Summarize } from "./summary.ts";

/** The resource `/api`. `origin` is where a second front end is served: its pages may read and change notes, too. */
export function buildApi(notes: NoteStore, origin: string, summarize: Summarize): Resource<"/api"> {
  const api = new Resource("/api");
  api.addLayerTo(
    _requestReceiver([
      new CorsLayer({ origins: origin, exposedHeaders: ["etag", "location"], maxAge: 600 }),
      new CsrfLayer({ origins: origin }),
      new ConditionalRequestsLayer(), // 304 for who has it already
    ]),
  );
  api.addSubresource(buildNotes(notes, publishChanges(notes), summarize));
  // Else the nearest subtree handler further out would answer: the files, with the page of the app.
  api.setHandlerFor(
    _mistargetedRequest.to(({ path }) => {
      throw new NotFoundResourceError(`The API has no ${path}.`);
    }),
  );
  return api;
}
