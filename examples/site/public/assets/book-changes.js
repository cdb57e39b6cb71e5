// Calls back with a sentence whenever somebody has changed a book, and when changes may have been missed. When the
// connection breaks, the browser opens it again by itself, and is sent what came after the last event that it got.
export function onBookChange(callback) {
  const events = new EventSource("/api/books/events");
  events.addEventListener("open", () => callback("Changes show up here at once."));
  events.addEventListener("error", () => callback("Changes do not show up now."));
  for (const change of ["added", "replaced", "removed"]) {
    events.addEventListener(change, ({ data }) => callback(`${JSON.parse(data).title} was ${change}.`));
  }
}
