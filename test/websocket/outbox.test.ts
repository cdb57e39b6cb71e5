import { describe, expect, test } from "vitest";
import type { WsSocket } from "../../src/data/websocket/load-ws.ts";
import { Outbox } from "../../src/data/websocket/outbox.ts";

class FakeSocket {
  readonly destroyed: boolean = false;
  readonly calls: string[] = [];
  writableLength = 0;
  writableNeedDrain = false;
  drain: () => void = () => {};

  write(data: Uint8Array): boolean {
    this.calls.push(`write ${data.length}`);
    return true;
  }
  cork(): void {
    this.calls.push("cork");
  }
  uncork(): void {
    this.calls.push("uncork");
  }
  on(_: "drain", listener: () => void): void {
    this.drain = listener;
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

function outboxOn(socket: FakeSocket, refusal = new Error("gone")): Outbox {
  return new Outbox({} as WsSocket, socket, false, () => Promise.reject(refusal));
}

describe("what is sent", () => {
  test("goes out at once when nothing follows, and in one write when something does", async () => {
    const socket = new FakeSocket();
    const outbox = outboxOn(socket);
    outbox.send("alone", false);
    expect(socket.calls.splice(0)).toEqual(["write 7"]);
    outbox.send("first", true);
    outbox.send("second", true);
    outbox.send("third", false);
    expect(socket.calls).toEqual(["cork", "write 7", "write 8", "write 7"]);
    await turn();
    expect(socket.calls.splice(0).at(-1)).toBe("uncork");
    outbox.send("later", true);
    await turn();
    expect(socket.calls).toEqual(["cork", "write 7", "uncork"]);
  });

  test("waits for a client that is behind, and for it only as long as it is there", async () => {
    const socket = new FakeSocket();
    const outbox = outboxOn(socket);
    const settled: string[] = [];
    const send = (name: string) =>
      outbox.send("x", false).then(
        () => settled.push(name),
        () => settled.push(`${name} failed`),
      );
    socket.writableLength = 65_535;
    socket.writableNeedDrain = true;
    send("below the mark");
    await turn();
    socket.writableLength = 65_536;
    send("first");
    send("second");
    await turn();
    expect(settled).toEqual(["below the mark"]);
    socket.drain();
    await turn();
    expect(settled).toEqual(["below the mark", "first", "second"]);
    send("third");
    outbox.end();
    await turn();
    expect(settled.at(-1)).toBe("third failed");
  });

  test("makes one promise for all that waits, and none where nothing does", () => {
    const socket = new FakeSocket();
    const outbox = outboxOn(socket);
    expect(outbox.send("a", false)).toBe(outbox.send("b", false));
    Object.assign(socket, { writableLength: 65_536, writableNeedDrain: true });
    const waiting = outbox.send("c", false);
    expect(outbox.send("d", false)).toBe(waiting);
    socket.drain();
    expect(outbox.send("e", false)).not.toBe(waiting);
  });

  test("does not wait where the socket will not say when it has drained", async () => {
    const socket = new FakeSocket();
    socket.writableLength = 1_000_000;
    await outboxOn(socket).send("x", false);
  });
});
