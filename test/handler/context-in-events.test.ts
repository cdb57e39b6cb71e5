import { setTimeout as pause } from "node:timers/promises";
import {
  _get,
  _post,
  _requestReceiver,
  around,
  currentContext,
  formBody,
  jsonBody,
  Resource,
  Server,
  type Service,
  textBody,
} from "argania";
import { LoggerLayer } from "argania/logger";
import { EventStream } from "argania/sse";
import pino from "pino";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { RawClient, statuses } from "../server/raw-client.ts";

// What the events of a connection call for one of its requests: they happen in the context of another one, or of none.

/** Somewhere in the code, which nobody has told of the request. */
const here = () => currentContext()?.query.get("id") ?? "nowhere";

async function clientOf(service: Service): Promise<RawClient> {
  const { address, close } = await new Server().serve(service, "127.0.0.1:0");
  onTestFinished(() => close());
  const client = await RawClient.connect(address.port);
  onTestFinished(() => client.close());
  return client;
}

const get = (id: number, path = "/") => `GET ${path}?id=${id} HTTP/1.1\r\nHost: x\r\n\r\n`;

describe("hooks after sending", () => {
  function site(notes: string[]): Service {
    const root = new Resource("/");
    root.addLayerTo(
      _requestReceiver(
        around((context, next) => {
          const id = context.query.get("id");
          context.afterSend(() => void notes.push(`${id}: ${here()}`));
          return next();
        }),
      ),
    );
    root.setHandlerFor(
      _get.to(async (context) => {
        await pause(context.query.get("id") === "1" ? 40 : 1);
        return "done";
      }),
    );
    root.subresource("/never").setHandlerFor(_get.to(() => new Promise<string>(() => {})));
    return root.intoService({ asyncContext: true });
  }

  test("have the context of their request, among pipelined ones", async () => {
    const notes: string[] = [];
    const client = await clientOf(site(notes));
    client.send([1, 2, 3].map((id) => get(id)).join(""));
    await expect.poll(() => statuses(client.received)).toEqual([200, 200, 200]);
    await expect.poll(() => notes.sort()).toEqual(["1: 1", "2: 2", "3: 3"]);
  });

  test("have it when the client has gone", async () => {
    const notes: string[] = [];
    const client = await clientOf(site(notes));
    client.send([1, 2].map((id) => get(id, "/never")).join(""));
    await pause(20);
    client.socket.resetAndDestroy();
    await expect.poll(() => notes.sort()).toEqual(["1: 1", "2: 2"]);
  });

  test("a mixin of pino tells of the request that the entry is about", async () => {
    const entries: { path: string; user: string }[] = [];
    const stream = { write: (line: string) => void entries.push(JSON.parse(line)) };
    const root = new Resource("/");
    root.addLayerTo(_requestReceiver(new LoggerLayer(pino({ mixin: () => ({ user: here() }) }, stream))));
    root.subresource("/{name}").setHandlerFor(
      _get.to(async ({ params }) => {
        await pause(params.name === "alice" ? 40 : 1);
        return "done";
      }),
    );
    const client = await clientOf(root.intoService({ asyncContext: true }));
    client.send(get(1, "/alice") + get(2, "/bob"));
    await expect
      .poll(() => entries.map(({ path, user }) => `${path} ${user}`).sort())
      .toEqual(["/alice 1", "/bob 2"]);
  });
});

describe("schemas of bodies", () => {
  const post = (path: string, id: number, type: string, body: string) =>
    `POST ${path}?id=${id} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const KINDS: readonly (readonly [path: string, type: string, body: string])[] = [
    ["/json", "application/json", '{"a":"1"}'],
    ["/form", "application/x-www-form-urlencoded", "a=1"],
    ["/text", "text/plain", "hello"],
  ];

  test.each(KINDS)("%s: what they call has the context of its request", async (path, type, body) => {
    const notes: string[] = [];
    const note = () => notes.push(here()) > 0;
    const object = z.object({ a: z.string() }).refine(note);
    const root = new Resource("/");
    root.subresource("/json").setHandlerFor(_post.to([jsonBody(object)], () => "done"));
    root.subresource("/form").setHandlerFor(_post.to([formBody(object)], () => "done"));
    root.subresource("/text").setHandlerFor(_post.to([textBody(z.string().refine(note))], () => "done"));
    const client = await clientOf(root.intoService({ asyncContext: true }));
    const [first, second, third] = [1, 2, 3].map((id) => post(path, id, type, body)) as [
      string,
      string,
      string,
    ];
    client.send(first + second.slice(0, -2));
    await pause(20);
    client.send(second.slice(-2) + third);
    await expect.poll(() => statuses(client.received)).toEqual([200, 200, 200]);
    expect(notes).toEqual(["1", "2", "3"]);
  });
});

describe("what ends with the client", () => {
  const SOURCES: Record<string, (note: () => void) => unknown> = {
    "a listener of the signal": (note) => {
      currentContext()?.signal.addEventListener("abort", note);
      return new Promise(() => {});
    },
    "the generator of a body that a slow client takes": (note) =>
      (async function* () {
        try {
          for (;;) {
            yield "x".repeat(1_000_000);
          }
        } finally {
          note();
        }
      })(),
    "the stream of a body": (note) => new ReadableStream({ cancel: note }),
    "the callback of events": (note) => new EventStream(() => note),
    "the generator of events": (note) =>
      new EventStream(
        (async function* () {
          try {
            for (;;) {
              yield { data: "x".repeat(1_000_000) };
            }
          } finally {
            note();
          }
        })(),
      ),
  };

  test.each(Object.entries(SOURCES))("%s has the context of its request", async (_name, source) => {
    const notes: string[] = [];
    const root = new Resource("/").setHandlerFor(
      _get.to(() => source(() => void notes.push(here())) as ReadableStream<Uint8Array>),
    );
    const client = await clientOf(root.intoService({ asyncContext: true }));
    client.socket.pause();
    client.send(get(1));
    await pause(50);
    client.socket.resetAndDestroy();
    await expect.poll(() => notes).toEqual(["1"]);
  });
});
