import { _get, Resource } from "argania";
import { EventChannel, EventStream, lastEventId } from "argania/sse";
import type { BookStore } from "./book-store.ts";

/**
 * Every change of the books as an event with a name: "added", "replaced" or "removed". The last hundred are kept for
 * clients that were away for a while: browsers send the id of the last event that they have got when they come back.
 */
export function publishChanges(store: BookStore): EventChannel {
  const changes = new EventChannel({ history: 100 });
  store.onChange((name, book) => changes.publish({ event: name, data: book }));
  return changes;
}

/** The resource `/books/events`: a stream of its own for each client, all of the same channel. */
export function buildBookEvents(changes: EventChannel): Resource<"/events"> {
  const events = new Resource("/events");
  events.setHandlerFor(
    _get.to([lastEventId], (id) => new EventStream(changes.subscribe({ lastEventId: id }), { retry: 1_000 })),
  );
  return events;
}
