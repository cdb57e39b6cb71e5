/** Whoever has made it, and whatever has been laid around it since: it goes on for ever, and its client comes again. */
export function isEventStream(headers: readonly string[]): boolean {
  return headers.some(
    (value, index) => index % 2 === 1 && headers[index - 1] === "content-type" && EVENT_STREAM.test(value),
  );
}

const EVENT_STREAM = /^text\/event-stream\b/i;
