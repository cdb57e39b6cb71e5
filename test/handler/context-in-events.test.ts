import { setTimeout as pause } from "node:timers/promises";
import { _get, _requestReceiver, around, currentContext, Resource, Server, type Service } from "argania";
import { LoggerLayer } from "argania/logger";
import pino from "pino";
import { describe, expect, onTestFinished, test } from "vitest";
import { RawClient, statuses } from "../server/raw-client.ts";

// What the events of a connection call for one of its requests: they happen in the context of another one, or of none.

/** Somewhere in the code, which nobody has told of the request. */
const here = () => currentContext()?.query.get("id") ?? "nowhere";

async function clientOf(service: Service): Promise<RawClient> {
  const { address, close } = await new Server().serve(service, "127.0.0.1:0");
  onTestFinished(() => close(0));
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
