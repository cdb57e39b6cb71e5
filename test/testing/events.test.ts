import { _get, type Resource } from "argania";
import { EventStream, lastEventId, ServerEvent } from "argania/sse";
import { expect, test } from "vitest";
import { EventParser } from "../../src/inspect/testing/event-parser.ts";
import { site } from "./app.ts";

const encoder = new TextEncoder();

test("the parser reads what browsers read, however it is cut", () => {
  const text =
    "\ufeff: comment\rid: 1\revent: a\rdata: one\rdata:two\r\rdata\n\nretry: 50\nretry: x\nid: a\0b\ndata:  x\n\n" +
    "event: empty\n\nid\ndata: ö\r\n\r\nfield\nid: 9\n\ndata: unfinished";
  const expected = [
    { id: "1", event: "a", data: "one\ntwo" },
    { id: "1", event: "message", data: "" },
    { id: "1", event: "message", data: " x" },
    { id: "", event: "message", data: "ö" },
  ];
  for (const size of [1, 2, 3, 7, 1_000]) {
    const parser = new EventParser();
    const bytes = encoder.encode(text);
    const events = [];
    for (let start = 0; start < bytes.length; start += size) {
      events.push(...parser.read(bytes.slice(start, start + size)));
    }
    expect(events).toEqual(expected);
    expect([parser.retry, parser.lastEventId]).toEqual([50, "9"]);
  }
});

function news(root: Resource<"/">) {
  const state = { ended: 0 };
  root.subresource("/news").setHandlerFor(
    _get.to([lastEventId], (last, { signal, headers }) => {
      signal.addEventListener("abort", () => state.ended++);
      async function* events() {
        yield new ServerEvent()
          .withId("1")
          .withName("hello")
          .withJsonData({ last: last ?? null });
        yield { id: "2", retry: 10, data: headers.get("accept") };
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      }
      return new EventStream(events());
    }),
  );
  root.subresource("/short").setHandlerFor(_get.to(() => new EventStream([{ data: 1 }, { data: 2 }])));
  root.subresource("/none").setHandlerFor(_get.to(() => 204));
  root.subresource("/html").setHandlerFor(_get.to(() => "no events"));
  return { state };
}

test("events come parsed, and closing is seen by the service", async () => {
  let state = { ended: 0 };
  const at = site((root) => {
    state = news(root).state;
  }).client();
  const events = at.events("/news", { query: { a: 1 } });
  expect(await events.take(2)).toEqual([
    { id: "1", event: "hello", data: '{"last":null}' },
    { id: "2", event: "message", data: "text/event-stream" },
  ]);
  expect([events.lastEventId, events.retry, (await events.response).status]).toEqual(["2", 10, 200]);
  expect(state.ended).toBe(0);
  await events.close();
  expect(state.ended).toBe(1);
  expect(await events.next()).toEqual({ done: true, value: undefined });
  const again = at.events("/news", { lastEventId: events.lastEventId });
  expect(again.lastEventId).toBe("2");
  expect((await again.next()).value).toMatchObject({ data: '{"last":"2"}' });
  for await (const event of again) {
    expect(event.id).toBe("2");
    break;
  }
  expect(state.ended).toBe(2);
});

test("a stream that ends, ends the loop; 204 is an empty one", async () => {
  const at = site((root) => void news(root)).client();
  const data: string[] = [];
  for await (const event of at.events("/short")) {
    data.push(event.data);
  }
  expect(data).toEqual(["1", "2"]);
  expect(await at.events("/short").take(5)).toHaveLength(2);
  expect(await at.events("/none").take(1)).toEqual([]);
});

test("an answer that is no stream fails, where somebody asks", async () => {
  const at = site((root) => void news(root)).client();
  await expect(at.events("/html").next()).rejects.toThrow(/200 .*: no events\nThat is no stream/);
  await expect(at.events("/nowhere").take(1)).rejects.toThrow("was answered with 404");
  expect(() => at.events("/news", { json: 1 } as never)).toThrow('has no option "json"');
  at.events("/html");
});

test("it is closed before it is open, by a signal, and by its client", async () => {
  let state = { ended: 0 };
  const { client } = site((root) => {
    state = news(root).state;
  });
  const at = client();
  const early = at.events("/news");
  await early.close();
  expect(await early.next()).toEqual({ done: true, value: undefined });
  const abort = new AbortController();
  const signalled = at.events("/news", { signal: abort.signal });
  await signalled.take(2);
  const next = signalled.next();
  abort.abort(new Error("enough"));
  await expect(next).rejects.toThrow("enough");
  const open = at.events("/news");
  await open.take(2);
  const before = state.ended;
  const waiting = open.next();
  await at.close();
  await expect(waiting).rejects.toThrow("The test client was closed.");
  expect(state.ended).toBe(before + 1);
});
