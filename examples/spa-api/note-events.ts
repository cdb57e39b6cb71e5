import { _get, Resource } from "argania";
import { EventChannel, EventStream, lastEventId } from "argania/sse";
import type { NoteStore } from "./note-store.ts";

/** Every change as an event. The last hundred are kept for browsers that come back after a while. */
export function publishChanges(notes: NoteStore): EventChannel {
  const changes = new EventChannel({ history: 100 });
  notes.onChange((event, note) => changes.publish({ event, data: note }));
  return changes;
}

/** The resource `/events`: a stream for each client, all of the same channel. */
export function buildNoteEvents(changes: EventChannel): Resource<"/events"> {
  const events = new Resource("/events");
  events.setHandlerFor(
    _get.to([lastEventId], (id) => new EventStream(changes.subscribe({ lastEventId: id }), { retry: 1_000 })),
  );
  return events;
}
