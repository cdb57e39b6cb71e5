import { on } from "node:events";
import { _get, type Extractor, Resource } from "argania";
import {
  EventChannel,
  type EventFields,
  type EventSink,
  EventStream,
  type EventSubscription,
  lastEventId,
  ServerEvent,
} from "argania/sse";
import { assertType, type Equal } from "./expect-type.ts";

declare const emitter: import("node:events").EventEmitter;

// Whatever gives events is a source.
new EventStream([{ data: 1 }, new ServerEvent()]);
new EventStream(new Set([{ event: "x" }]));
new EventStream(new ReadableStream<EventFields>());
new EventStream(on(emitter, "event"));
new EventStream(new EventChannel().subscribe());
new EventStream(async function* () {
  yield { id: 1, data: { any: ["thing"] } };
  yield [new ServerEvent(), { comment: "c" }];
});
new EventStream((sink) => {
  assertType<Equal<typeof sink, EventSink>>();
  assertType<Equal<ReturnType<typeof sink.send>, Promise<void>>>();
});
new EventStream(({ send }) => {
  send({ data: "x" });
  return () => {};
});
new EventStream(async ({ send, signal, close }) => {
  await send([{ data: "x" }, new ServerEvent().withData("y")]);
  signal.throwIfAborted();
  close();
});

// What gives something else is none.
// @ts-expect-error text is no source
new EventStream("data: x\n\n");
// @ts-expect-error a misspelt member
new EventStream([{ dta: "x" }]);
// @ts-expect-error an id is text or a number
new EventStream([{ id: true }]);
new EventStream(({ send }) => {
  // @ts-expect-error text is no event
  send("x");
});
// @ts-expect-error a misspelt option
new EventStream([], { keepalive: 5 });
// @ts-expect-error false is not null
new EventStream([], { keepAlive: false });

const event = new ServerEvent().withId(1).withName("n").withData("d").withRetry(1).withComment("c");
assertType<Equal<typeof event, ServerEvent>>();
// @ts-expect-error other values go into withJsonData
new ServerEvent().withData(5);

const channel = new EventChannel({ history: 1, slowClients: "skip" });
assertType<Equal<ReturnType<typeof channel.subscribe>, EventSubscription>>();
// @ts-expect-error there are two ways to treat them
new EventChannel({ slowClients: "drop" });
// @ts-expect-error an array is not one event
channel.publish([{ data: "x" }]);

assertType<Equal<typeof lastEventId, Extractor<string | undefined, object>>>();
new Resource("/").setHandlerFor(
  _get.to([lastEventId], (id) => {
    assertType<Equal<typeof id, string | undefined>>();
    return new EventStream(channel.subscribe({ lastEventId: id, first: [{ data: "x" }] }));
  }),
);
