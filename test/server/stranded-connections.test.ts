import { EventEmitter } from "node:events";
import { describe, expect, test, vi } from "vitest";
import { watchHandovers } from "../../src/server/stranded-connections.ts";

// The first process as node:cluster has it, without any other one.

let last = 0;

/** A worker, and what Node's primary and the worker itself say. */
function worker() {
  const channel = Object.assign(new EventEmitter(), {
    send: vi.fn<(...args: unknown[]) => boolean>(() => true),
  });
  const save = watchHandovers({ process: channel } as never);
  const refused: unknown[] = [];
  channel.on("internalMessage", (message) => message.ack === undefined || refused.push(message));
  return {
    save,
    refused,
    listens: (key: string) =>
      channel.send({ cmd: "NODE_CLUSTER", ack: 0, key, errno: null, sockname: {} }, null),
    fails: (key: string) => channel.send({ cmd: "NODE_CLUSTER", ack: 0, key, errno: -98 }, null),
    says: (message: object) => channel.emit("internalMessage", message),
    gets: (key: string) => {
      const seq = ++last;
      const close = vi.fn();
      channel.send({ cmd: "NODE_CLUSTER", act: "newconn", key, seq }, { close });
      return { seq, close };
    },
  };
}

describe("connections on their way to a worker that ended", () => {
  test("go to others that listen there", () => {
    const [gone, other] = [worker(), worker()];
    gone.listens("a");
    other.listens("a");
    const taken = gone.gets("a");
    const { seq, close } = gone.gets("a");
    gone.says({ ack: taken.seq, accepted: true });
    gone.refused.length = 0;
    gone.save();
    gone.save();
    expect(gone.refused).toEqual([{ cmd: "NODE_CLUSTER", ack: seq, accepted: false }]);
    expect([taken.close, close].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
    other.save();
  });

  test.each([
    ["nobody has listened", () => {}],
    ["others listen elsewhere", (other) => other.listens("elsewhere")],
    ["others could not listen", (other) => other.fails("b")],
    [
      "others listen no more",
      (other) => {
        other.listens("b");
        other.says({ act: "close", key: "b" });
      },
    ],
    [
      "others are gone",
      (other) => {
        other.listens("b");
        other.save();
      },
    ],
  ] as [string, (other: ReturnType<typeof worker>) => void][])("are closed when %s", (_, before) => {
    const [gone, other] = [worker(), worker()];
    gone.listens("b");
    before(other);
    const { close } = gone.gets("b");
    gone.save();
    expect(gone.refused).toEqual([]);
    expect(close).toHaveBeenCalledTimes(1);
    other.save();
  });
});

describe("connections that a worker does not take", () => {
  test("are Node's to give to others, as long as somebody listens", () => {
    const [closing, other] = [worker(), worker()];
    closing.listens("c");
    other.listens("c");
    const { seq, close } = closing.gets("c");
    closing.says({ act: "close", key: "c" });
    closing.says({ ack: seq, accepted: false });
    expect(close).not.toHaveBeenCalled();
    other.save();
  });

  test("are closed when nobody listens any more, also when somebody does so anew", () => {
    const [closing, next] = [worker(), worker()];
    closing.listens("d");
    const connections = [closing.gets("d"), closing.gets("d")];
    closing.says({ act: "close", key: "d" });
    for (const { seq, close } of connections) {
      closing.says({ ack: seq, accepted: false });
      expect(close).toHaveBeenCalledTimes(1);
      next.listens("d");
    }
    next.save();
  });
});
