import { ArganiaError } from "argania";
import { EventStream, ServerEvent, ServerEventError } from "argania/sse";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { build, CASES } from "./argan-events.ts";
import { readEvents } from "./read-events.ts";

/** What is sent of some source, whole. */
async function sent(source: unknown): Promise<string> {
  return new EventStream([source] as object[], { keepAlive: null }).intoResponse().text();
}

test("all cases of argan are here", () => {
  expect(CASES.map(({ id }) => Number(id.slice(4)))).toEqual([
    214, 215, 217, 218, 219, 220, 221, 222, 223, 224, 225, 226, 227, 228, 229,
  ]);
});

describe("argan's events", () => {
  const written = CASES.filter(({ expectBytes }) => expectBytes !== undefined);
  test.each(written.map((one) => [one.id, one] as const))("%s", async (_, { event, expectBytes }) => {
    expect(String(build(event))).toBe(expectBytes);
    expect(await sent(build(event))).toBe(expectBytes);
  });

  const refused = CASES.filter(({ panics }) => panics !== undefined);
  test.each(refused.map((one) => [one.id, one.panics, one] as const))("%s: %s", (_id, _panics, { event }) => {
    build(event.slice(0, -1));
    expect(() => build(event)).toThrow(ServerEventError);
  });
});

describe("an event made step by step", () => {
  test("can be chained from its constructor on", () => {
    expect(String(new ServerEvent().withId("1").withData("x"))).toBe("id:1\ndata:x\n\n");
  });

  test("is not changed by a step that was refused", () => {
    const event = new ServerEvent();
    expect(() => event.withName("a\nb")).toThrow(ServerEventError);
    expect(() => event.withId("a\0b")).toThrow(ServerEventError);
    expect(() => event.withRetry(-1)).toThrow(ServerEventError);
    expect(() => event.withJsonData(undefined)).toThrow(ServerEventError);
    expect(() => event.withData(5 as unknown as string)).toThrow(ServerEventError);
    expect(String(event.withName("a").withId("b").withRetry(1).withData("c"))).toBe(
      "event:a\nid:b\nretry:1\ndata:c\n\n",
    );
  });

  test("stays as it is once it has been sent, and can be sent again", async () => {
    const event = new ServerEvent().withData("x");
    expect(await sent([event, event])).toBe("data:x\n\ndata:x\n\n");
    expect(() => event.withComment("more")).toThrow(/has been sent/);
    expect(() => new ServerEvent().withData("x").withComment(String(event.toString().length))).not.toThrow();
  });

  test("refuses to be empty", async () => {
    expect(() => String(new ServerEvent())).toThrow(ServerEventError);
  });

  test("has JSON data once", () => {
    expect(() => new ServerEvent().withJsonData(1).withJsonData(2)).toThrow(ServerEventError);
  });

  test("with a name only is heard all the same", () => {
    expect(readEvents(String(new ServerEvent().withName("ping"))).events).toEqual([
      { id: "", event: "ping", data: "" },
    ]);
    expect(String(new ServerEvent().withId("7"))).toBe("id:7\n\n");
  });
});

describe("a plain object", () => {
  test.each<[object, string]>([
    [{ data: "text" }, "data:text\n\n"],
    [{ data: "" }, "data:\n\n"],
    [{ data: "a\nb\rc\r\nd\n" }, "data:a\ndata:b\ndata:c\ndata:d\ndata:\n\n"],
    [{ data: { name: "R2D2" } }, 'data:{"name":"R2D2"}\n\n'],
    [{ data: 5 }, "data:5\n\n"],
    [{ data: null }, "data:null\n\n"],
    [{ data: ["a\nb"] }, 'data:["a\\nb"]\n\n'],
    [{ comment: "c", event: "e", id: "1", retry: 10, data: "d" }, ":c\nevent:e\nid:1\nretry:10\ndata:d\n\n"],
    [{ id: 42, data: "x" }, "id:42\ndata:x\n\n"],
    [{ id: 0, event: undefined, data: "x" }, "id:0\ndata:x\n\n"],
    [{ id: "" }, "id:\n\n"],
    [{ event: "ping" }, "event:ping\ndata:\n\n"],
    [{ retry: 0 }, "retry:0\n\n"],
    [{ comment: "only" }, ":only\n\n"],
    [{ event: " e", id: " i", data: " d" }, "event:  e\nid:  i\ndata:  d\n\n"],
    [{ event: "a\0b", data: "\0" }, "event:a\0b\ndata:\0\n\n"],
    [{ id: "x".repeat(1_024) }, `id:${"x".repeat(1_024)}\n\n`],
  ])("%j", async (fields, expected) => {
    expect(await sent(fields)).toBe(expected);
  });

  test("an array is several events", async () => {
    expect(await sent([{ data: "a" }, new ServerEvent().withData("b")])).toBe("data:a\n\ndata:b\n\n");
    expect(await sent([])).toBe("");
  });

  const circular: Record<string, unknown> = {};
  circular.self = circular;
  test.each<[unknown, RegExp]>([
    [{ id: "a\rb" }, /line break/],
    [{ id: "a\nb" }, /line break/],
    [{ id: "a\0b" }, /NUL/],
    [{ id: Number.NaN }, /a string or a number/],
    [{ id: {} }, /a string or a number/],
    [{ id: "x".repeat(1_025) }, /1024/],
    [{ event: "a\nb", data: "" }, /line break/],
    [{ event: "a\r", data: "" }, /line break/],
    [{ event: 5 }, /not a number/],
    [{ comment: "a\nb" }, /line break/],
    [{ retry: 1.5 }, /not 1\.5/],
    [{ retry: -1 }, /not -1/],
    [{ retry: 1e21 }, /not 1e\+21/],
    [{ retry: "10" }, /not a string/],
    [{ data: () => {} }, /JSON/],
    [{ data: new Uint8Array(2) }, /JSON/],
    [{ data: circular }, /circular/i],
    [{}, /without any field/],
    [{ data: undefined }, /without any field/],
    [{ name: "e", data: "x" }, /no field "name"/],
    ["text", /\{ data: text \}/],
    [5, /not a number/],
    [null, /not null/],
    [[["nested", "text"]], /not a string/],
  ])("%j is refused", async (event, message) => {
    await expect(sent(event)).rejects.toThrow(message);
  });

  test("is refused with a code", async () => {
    const error: unknown = await sent({}).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ArganiaError);
    expect(error).toMatchObject({ name: "ServerEventError", code: "ARGANIA_SERVER_EVENT" });
  });
});

test("whatever is sent arrives as it was, and nothing else does", () => {
  const text = fc.string({
    unit: fc.constantFrom("a", " ", "\n", "\r", ":", "data:", "id:", "\0", "é", "\ufeff", "🦜"),
  });
  const line = text.map((value) => value.replace(/[\r\n\0]/g, ""));
  fc.assert(
    fc.property(fc.array(fc.record({ id: line, event: line, data: text })), (events) => {
      const wire = events.map(({ id, event, data }) =>
        String(new ServerEvent().withData(data).withName(event).withId(id)),
      );
      expect(readEvents(wire.join("")).events).toEqual(
        events.map(({ id, event, data }) => ({
          id,
          event: event === "" ? "message" : event,
          data: data.replace(/\r\n|\r/g, "\n"),
        })),
      );
    }),
  );
});
