import { _get, type ErrorReport, Resource, Server, type ServerHandle, type Service } from "argania";
import { EventChannel, EventStream, lastEventId } from "argania/sse";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RawClient } from "../server/raw-client.ts";
import { readEvents } from "../sse/read-events.ts";
import { checkAlive, checkAnswer } from "./check-answer.ts";
import { hostileCases } from "./hostile-case.ts";
import { parseResponses, sendRaw, type Target } from "./raw-client.ts";
import { request } from "./requests.ts";

const channel = new EventChannel({ history: 100 });

/** Clients decide on the fields of events, and when what is sent by whom. */
function eventsApp(logger = { error: (_: ErrorReport) => {} }): Service {
  const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
  root.subresource("/events").setHandlerFor(
    _get.to(({ query }) => {
      const fields = [...query].map(([name, value]) => [name, name === "retry" ? Number(value) : value]);
      return new EventStream([Object.fromEntries(fields)]);
    }),
  );
  root
    .subresource("/channel")
    .setHandlerFor(
      _get.to(
        [lastEventId],
        (id) => new EventStream(channel.subscribe({ lastEventId: id, first: { data: "first" } })),
      ),
    );
  return root.intoService({ logger });
}

let app: Target;
let handle: ServerHandle;

beforeAll(async () => {
  handle = await new Server().withLogger({ error: () => {} }).serve(eventsApp(), "127.0.0.1:0");
  app = handle.address;
});

afterAll(async () => {
  await handle.close();
});

describe("sse", () => {
  const raw = hostileCases(["sse"]).filter((one) => one.raw !== undefined);
  test.each(raw.map((one) => [one.id, one.title, one] as const))("%s %s", async (_id, _title, one) => {
    await checkAnswer(app, one.raw ?? "", one.expect);
  });

  test("no case is left out", () => {
    // N05 is in sse-memory.test.ts.
    expect(hostileCases(["sse"]).map(({ id }) => id)).toEqual(["N02a", "N02c", "N03", "N05"]);
  });
});

describe("what a client says can be no other field", () => {
  const nasty = [
    "a\ndata:x",
    "a\rdata:x",
    "a\r\ndata:x",
    "\n\nevent:admin\ndata:x",
    "\r\revent:admin\rdata:x",
    "a\0b",
    "\ndata:x",
    "a\n",
    "\u2028data:x",
    "\u0085data:x",
    "\vdata:x",
    " ",
    ":",
    "\ufeffdata:x",
    "\ud800",
  ];
  const fields = ["id", "event", "comment", "data"];
  const cases = fields.flatMap((field) => nasty.map((value) => [field, value] as const));

  test.each(cases)("%s %j", async (field, value) => {
    const query = new URLSearchParams({ data: "mine", [field]: value });
    const { bytes } = await sendRaw(app, request(`/events?${query}`));
    const [response] = parseResponses(bytes, false);
    if (response?.status === 500) {
      expect(field).not.toBe("data");
      expect(value).toMatch(/[\r\n\0]/);
      expect(response.body).not.toContain("data:");
      return;
    }
    expect(response?.status).toBe(200);
    const { events } = readEvents(response?.body ?? "");
    // As it is after a query, which is UTF-8.
    const sent = Buffer.from(value)
      .toString()
      .replace(/\r\n|\r/g, "\n");
    expect(events).toEqual([
      {
        id: field === "id" ? sent : "",
        event: field === "event" ? sent : "message",
        data: field === "data" ? sent : "mine",
      },
    ]);
  });

  test.each(["-1", "1.5", "1e400", "NaN", "", "x"])("retry %s", async (retry) => {
    await checkAnswer(app, request(`/events?data=z&retry=${retry}`), {
      status: retry === "" ? [200] : [500],
      alive: true,
    });
  });
});

describe("Last-Event-ID may be anything", () => {
  test.each([
    ["longer than any id", "x".repeat(10_000)],
    ["no UTF-8", "\xff\xfe\x80"],
    ["a name that objects have", "__proto__"],
    ["a number", "-1"],
    ["control characters", "a\tb"],
  ])("%s", async (_, id) => {
    channel.publish({ data: "x" });
    const client = await RawClient.connect(app.port);
    client.send(`GET /channel HTTP/1.1\r\nHost: x\r\nLast-Event-ID: ${id}\r\n\r\n`);
    await client.until(/data:first\n\n/);
    client.close();
    await checkAlive(app);
  });

  test("twice", async () => {
    const client = await RawClient.connect(app.port);
    await client.get("/channel", "Last-Event-ID: 1", "Last-Event-ID: 2").until(/data:first\n\n/);
    client.close();
  });
});

test("clients that connect and go away at once leave nothing behind", async () => {
  await Promise.all(
    Array.from({ length: 300 }, async (_, index) => {
      const client = await RawClient.connect(app.port);
      client.get("/channel");
      await new Promise((resolve) => setTimeout(resolve, index % 7));
      index % 2 === 0 ? client.socket.resetAndDestroy() : client.close();
    }),
  );
  await expect.poll(() => channel.size).toBe(0);
  await checkAlive(app);
});
