import {
  _delete,
  _get,
  _post,
  _put,
  _requestHandler,
  assertPreconditions,
  bodyLimit,
  json,
  jsonBody,
  NotFoundResourceError,
  queryParams,
  Resource,
  respond,
  StatusCode,
  text,
} from "argania";
import "argania/fastest-validator";
import { TimeoutLayer } from "argania/middleware";
import type { EventChannel } from "argania/sse";
import { buildNoteEvents } from "./note-events.ts";
import type { Note, NoteStore } from "./note-store.ts";
import type { Summarize } from "./summary.ts";

// What does not fit the rules never reaches a handler: the answer is a 400, problem details with every issue.
const search = queryParams({
  search: { type: "string", default: "" },
  limit: { type: "number", integer: true, min: 1, max: 100, default: 50 },
});
const noteFields = jsonBody({
  title: "string|trim|min:1|max:200",
  text: { type: "string", max: 10_000, default: "" },
});

/** The resource `/notes` with everything below it. */
export function buildNotes(
  notes: NoteStore,
  changes: EventChannel,
  summarize: Summarize,
): Resource<"/notes"> {
  const list = new Resource("/notes");
  const one = list.subresource("/{id:\\d+}");
  list.addSubresource(buildNoteEvents(changes));
  list.setProperty(bodyLimit.to(65_536)); // bytes; more is a 413

  list.setHandlerFor([
    _get.to([search], ({ search, limit }) => json(notes.find(search, limit))),
    _post.to([noteFields], (fields) => {
      const note = notes.add(fields);
      return respond(
        StatusCode.CREATED,
        { location: one.href({ id: note.id }), etag: etagOf(note) },
        json(note),
      );
    }),
  ]);

  one.setHandlerFor([
    _get.to(({ params }) => withTag(found(notes, params.id))),
    _put.to([noteFields], (fields, context) => {
      const note = found(notes, context.params.id);
      // 428 without If-Match, 412 with that of an older version: nobody undoes a change that he has not seen.
      assertPreconditions(context, { etag: etagOf(note) }, { required: true });
      return withTag(notes.change(note, fields));
    }),
    _delete.to((context) => {
      const note = found(notes, context.params.id);
      assertPreconditions(context, { etag: etagOf(note) });
      notes.remove(note);
      return StatusCode.NO_CONTENT;
    }),
  ]);
  one
    .subresource("/summary")
    // Then a 504, and nobody waits for the other service any more.
    .addLayerTo(_requestHandler(new TimeoutLayer(summarize.timeout, { status: 504 })))
    .setHandlerFor(
      _get.to(async ({ params, signal }) => text(await summarize(found(notes, params.id), signal))),
    );
  return list;
}

/** Clients make the tag of a note themselves: that of a compressed response is a weak one, with which If-Match fails. */
function etagOf({ version }: Note): string {
  return `"${version}"`;
}

function withTag(note: Note) {
  return respond({ etag: etagOf(note) }, json(note));
}

function found(notes: NoteStore, id: string): Note {
  const note = notes.get(Number(id));
  if (note === undefined) {
    throw new NotFoundResourceError(`There is no note ${id}.`);
  }
  return note;
}
