/** An event as a client dispatches it. */
export interface ReceivedEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** What a client makes of a stream, step by step as the HTML Standard §9.2.6 has it, and not as we write it. */
export function readEvents(text: string): { events: ReceivedEvent[]; retry: number | undefined } {
  const events: ReceivedEvent[] = [];
  let [id, event, data] = ["", "", ""];
  let retry: number | undefined;
  const lines = text.split(/\r\n|\n|\r/);
  // What has no line break behind it is not there yet.
  for (const line of lines.slice(0, -1)) {
    if (line === "") {
      if (data !== "") {
        events.push({ id, event: event === "" ? "message" : event, data: data.replace(/\n$/, "") });
      }
      [event, data] = ["", ""];
      continue;
    }
    const colon = line.indexOf(":");
    if (colon === 0) {
      continue;
    }
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") {
      event = value;
    } else if (field === "data") {
      data += `${value}\n`;
    } else if (field === "id" && !value.includes("\0")) {
      id = value;
    } else if (field === "retry" && /^[0-9]+$/.test(value)) {
      retry = Number(value);
    }
  }
  return { events, retry };
}
