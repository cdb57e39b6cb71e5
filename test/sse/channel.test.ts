import { _get, Resource } from "argania";
import {
  EventChannel,
  type EventChannelOptions,
  EventStream,
  lastEventId,
  ServerEvent,
  ServerEventError,
  type SubscribeOptions,
} from "argania/sse";
import { describe, expect, test } from "vitest";
import type { PushedBody } from "../../src/response/pushed-body.ts";
import { serveEvents } from "./app.ts";
import { readEvents } from "./read-events.ts";

/** A client in process: all that it has got so far, and whether it is over. */
function join(channel: EventChannel, options?: SubscribeOptions) {
  const stream = new EventStream(channel.subscribe(options), { keepAlive: null });
  const body = stream.intoResponse().takePayload() as PushedBody;
  const client = { text: "", chunks: [] as unknown[], isOver: false, leave: () => body.release() };
  body.open({
    write(chunk) {
      client.chunks.push(chunk);
      client.text += Buffer.from(chunk).toString();
      return true;
    },
    end() {
      client.isOver = true;
    },
    fail: expect.unreachable,
    breakOff: expect.unreachable,
  });
  return client;
}

const data = ({ text }: { text: string }) =>
  readEvents(text)
    .events.map((event) => event.data)
    .join("");
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("a channel", () => {
  test("sends to all that are there, and to nobody what was before him", async () => {
    const channel = new EventChannel();
    channel.publish({ data: "0" });
    const first = join(channel);
    channel.publish({ data: "1" });
    const second = join(channel);
    channel.publish(new ServerEvent().withData("2"));
    channel.publish({ data: "3" });
    const third = join(channel);
    expect(channel.size).toBe(3);
    await turn();
    channel.publish({ data: "4" });
    await turn();
    expect([data(first), data(second), data(third)]).toEqual(["1234", "234", "4"]);
    second.leave();
    expect(channel.size).toBe(2);
    channel.publish({ data: "5" });
    await turn();
    expect([data(first), data(second), data(third)]).toEqual(["12345", "234", "45"]);
  });

  test("sends what was published in one turn in one piece, made into bytes once", async () => {
    const channel = new EventChannel();
    const [first, second] = [join(channel), join(channel)];
    for (let number = 0; number < 10; number++) {
      channel.publish({ data: number });
    }
    await turn();
    expect([first.chunks.length, data(first)]).toEqual([1, "0123456789"]);
    expect(second.chunks[0]).toBe(first.chunks[0]);
  });

  test("keeps the order with more clients than it writes to at once, whoever joins or leaves meanwhile", async () => {
    const channel = new EventChannel();
    const early = Array.from({ length: 1_200 }, () => join(channel));
    channel.publish({ data: "1" });
    await Promise.resolve();
    channel.publish({ data: "2" });
    const late = Array.from({ length: 10 }, () => join(channel));
    early[700]?.leave();
    channel.publish({ data: "3" });
    for (let turns = 0; turns < 20; turns++) {
      await turn();
    }
    const got = new Set(early.filter((_, index) => index !== 700).map(data));
    expect([...got]).toEqual(["123"]);
    expect(new Set(late.map(data))).toEqual(new Set(["3"]));
    expect(channel.size).toBe(1_209);
  });

  test("sends what a client shall begin with", async () => {
    const channel = new EventChannel();
    const one = join(channel, { first: { data: "a" } });
    const two = join(channel, { first: [{ data: "a" }, new ServerEvent().withData("b")] });
    channel.publish({ data: "c" });
    await turn();
    expect([data(one), data(two)]).toEqual(["ac", "abc"]);
  });

  test("that is closed sends all that it has, and ends every stream", async () => {
    const channel = new EventChannel();
    const clients = Array.from({ length: 600 }, () => join(channel));
    channel.publish({ data: "last" });
    channel.close();
    const late = join(channel, { first: { data: "only" } });
    expect([...clients, late].every(({ isOver }) => isOver)).toBe(true);
    expect([new Set(clients.map(data)), data(late), channel.size]).toEqual([new Set(["last"]), "only", 0]);
    channel.publish({ data: "nobody is left" });
    channel.close();
  });

  test("has one place for each subscription", () => {
    const subscription = new EventChannel().subscribe();
    new EventStream(subscription);
    expect(() => new EventStream(subscription)).toThrow(/subscribe\(\) for each client/);
  });

  test("refuses what is no event, and options that it has not", () => {
    const channel = new EventChannel();
    expect(() => channel.publish({ id: "a\nb" })).toThrow(ServerEventError);
    expect(() => channel.publish("text" as never)).toThrow(ServerEventError);
    expect(() => channel.subscribe({ first: {} })).toThrow(ServerEventError);
    expect(() => channel.subscribe({ lastEventID: "1" } as object)).toThrow(TypeError);
    for (const options of [{ histroy: 1 }, { slowClients: "drop" }]) {
      expect(() => new EventChannel(options as EventChannelOptions)).toThrow(TypeError);
    }
    for (const options of [{ history: -1 }, { maxBuffered: 0.5 }]) {
      expect(() => new EventChannel(options)).toThrow(RangeError);
    }
  });
});

describe("the history of a channel", () => {
  /** What a client is sent at once. */
  function resume(channel: EventChannel, id: string | undefined) {
    return join(channel, { lastEventId: id, first: { data: "|" } });
  }

  test("has what came after an event", async () => {
    const channel = new EventChannel({ history: 3 });
    for (const id of ["a", "b", "c", "d", "e"]) {
      channel.publish({ id, data: id });
    }
    const clients = ["e", "d", "c", "b", "a", "unknown", "", undefined].map((id) => resume(channel, id));
    await turn();
    expect(clients.map(data)).toEqual(["|", "|e", "|de", "|cde", "|cde", "|cde", "|cde", "|"]);
  });

  test("takes the later of two events with one id", async () => {
    const channel = new EventChannel({ history: 4 });
    for (const [id, text] of [
      ["a", "1"],
      ["b", "2"],
      ["a", "3"],
      ["c", "4"],
      ["d", "5"],
    ]) {
      channel.publish(new ServerEvent().withId(id as string).withData(text as string));
    }
    const client = resume(channel, "a");
    await turn();
    expect(data(client)).toBe("|45");
  });

  test("gives ids to events that have none, which no other channel has", async () => {
    const [channel, other] = [new EventChannel({ history: 10 }), new EventChannel({ history: 10 })];
    const client = join(channel);
    for (const text of ["1", "2", "3"]) {
      channel.publish({ data: text });
      other.publish(new ServerEvent().withData(text));
    }
    await turn();
    const ids = readEvents(client.text).events.map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    const [resumed, elsewhere] = [resume(channel, ids[0]), resume(other, ids[0])];
    await turn();
    expect([data(resumed), data(elsewhere)]).toEqual(["|23", "|123"]);
  });

  test("leaves no gap and repeats nothing when a client joins between events", async () => {
    const channel = new EventChannel({ history: 10 });
    channel.publish({ id: "1", data: "1" });
    const before = join(channel);
    channel.publish({ id: "2", data: "2" });
    const client = resume(channel, "1");
    channel.publish({ id: "3", data: "3" });
    await turn();
    expect([data(before), data(client)]).toEqual(["23", "|23"]);
  });

  test("has what was published before the stream of a subscription began", async () => {
    const [channel, without] = [new EventChannel({ history: 10 }), new EventChannel()];
    channel.publish({ data: "0" });
    const streams = [channel, without].map((one) => new EventStream(one.subscribe()).intoResponse());
    channel.publish({ data: "1" });
    without.publish({ data: "1" });
    const readers = streams.map(({ body }) => (body as ReadableStream<Uint8Array>).getReader());
    const texts = readers.map(async (reader) => new TextDecoder().decode((await reader.read()).value));
    await turn();
    channel.publish({ data: "2" });
    without.publish({ data: "2" });
    expect((await Promise.all(texts)).map((text) => data({ text }))).toEqual(["1", "2"]);
    await Promise.all(readers.map((reader) => reader.cancel()));
  });

  test("is there for a client that connects again", async () => {
    const channel = new EventChannel({ history: 10 });
    const site = await serveEvents((id) => new EventStream(channel.subscribe({ lastEventId: id })));
    const first = await site.connect();
    await expect.poll(() => channel.size).toBe(1);
    channel.publish({ id: 1, data: "one" });
    await first.until(/data:one/);
    first.close();
    await expect.poll(() => channel.size).toBe(0);
    channel.publish({ id: 2, data: "two" });
    const second = await site.connect("Last-Event-ID: 1");
    await second.until(/data:two/);
    expect(second.received).not.toContain("data:one");
  });
});

describe("lastEventId", () => {
  const service = new Resource("/")
    .setHandlerFor(_get.to([lastEventId], (id) => JSON.stringify(id ?? null)))
    .intoService();
  const latin1 = (text: string) => Buffer.from(text).toString("latin1");

  test.each<[string | undefined, string | null]>([
    [undefined, null],
    ["", null],
    ["42", "42"],
    ["a b", "a b"],
    [latin1("é🦜"), "é🦜"],
    ["\xff\xfe", null],
    ["x".repeat(1_024), "x".repeat(1_024)],
    ["x".repeat(1_025), null],
  ])("%j is %j", async (header, expected) => {
    const headers = header === undefined ? {} : { "Last-Event-ID": header };
    expect(await (await service.request("/", { headers })).json()).toBe(expected);
  });
});
