// Calls back with a sentence whenever somebody has changed a book. When the connection breaks, the browser opens it
// again by itself, and is sent what it has missed since the last event that it got.
export function onBookChange(callback) {
  const events = new EventSource("/api/books/events");
  for (const change of ["added", "replaced", "removed"]) {
    events.addEventListener(change, ({ data }) => callback(`${JSON.parse(data).title} was ${change}.`));
  }
}
