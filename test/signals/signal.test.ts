import {
  type Receiver,
  RequestSignals,
  requestException,
  requestFinished,
  requestSignals,
  requestStarted,
  Signal,
  SignalReceiverError,
} from "argania";
import { afterEach, describe, expect, it } from "vitest";

afterEach(() => {
  requestSignals.clearAll();
});

/** A signal whose receivers write down what they do. */
function traced() {
  const signal = new Signal<number>("test");
  const trace: string[] = [];
  const connect = (name: string, turns = 0): number =>
    signal.connect(async (payload) => {
      trace.push(`${name}${payload} starts`);
      for (let turn = 0; turn < turns; turn++) {
        await Promise.resolve();
      }
      trace.push(`${name}${payload} ends`);
    });
  return { signal, trace, connect };
}

describe("a signal", () => {
  it("runs its receivers in order, each after the one before has ended", async () => {
    const { signal, trace, connect } = traced();
    connect("a", 5);
    connect("b", 0);
    connect("c", 2);
    await signal.send(1);
    expect(trace).toEqual(["a1 starts", "a1 ends", "b1 starts", "b1 ends", "c1 starts", "c1 ends"]);
  });

  it("takes synchronous receivers, and the same one twice", async () => {
    const signal = new Signal<string>("test");
    const seen: string[] = [];
    const receive: Receiver<string> = (payload) => void seen.push(payload);
    const ids = [signal.connect(receive), signal.connect(receive)];
    expect(ids[0]).not.toBe(ids[1]);
    await signal.send("x");
    expect([seen, signal.receiverCount()]).toEqual([["x", "x"], 2]);
  });

  it("takes a receiver off, once", async () => {
    const { signal, trace, connect } = traced();
    const id = connect("a");
    connect("b");
    expect([signal.disconnect(id), signal.disconnect(id), signal.disconnect(-1)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(signal.receiverCount()).toBe(1);
    await signal.send(1);
    expect(trace).toEqual(["b1 starts", "b1 ends"]);
  });

  it("has ids that mean nothing to other signals", () => {
    const [one, other] = [new Signal<void>("one"), new Signal<void>("other")];
    const id = one.connect(() => {});
    const otherId = other.connect(() => {});
    expect(id).not.toBe(otherId);
    expect([other.disconnect(id), one.disconnect(otherId)]).toEqual([false, false]);
    expect([one.receiverCount(), other.receiverCount()]).toEqual([1, 1]);
  });

  it("goes on with the receivers that it began with, when they change meanwhile", async () => {
    const { signal, trace, connect } = traced();
    let second = 0;
    const first = signal.connect(() => {
      signal.disconnect(first);
      signal.disconnect(second);
      connect("c");
    });
    second = connect("b");
    await signal.send(1);
    await signal.send(2);
    expect(trace).toEqual(["b1 starts", "b1 ends", "c2 starts", "c2 ends"]);
  });

  it("has nobody left after clearAll", async () => {
    const { signal, trace, connect } = traced();
    const id = connect("a");
    signal.clearAll();
    await signal.send(1);
    expect([trace, signal.receiverCount(), signal.disconnect(id)]).toEqual([[], 0, false]);
  });

  it.each<[string, Receiver<number>]>([
    [
      "throws",
      () => {
        throw new Error("receiver");
      },
    ],
    ["rejects", () => Promise.reject(new Error("receiver"))],
  ])("ends the dispatch when a receiver %s, and says whose failure it was", async (_, failing) => {
    const { signal, trace, connect } = traced();
    connect("a");
    const id = signal.connect(failing);
    connect("c");
    const failure: unknown = await signal.send(1).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SignalReceiverError);
    expect(failure).toMatchObject({
      name: "SignalReceiverError",
      code: "ARGANIA_SIGNAL_RECEIVER",
      message: `Receiver ${id} of the signal "test" failed.`,
      cause: new Error("receiver"),
    });
    expect(trace).toEqual(["a1 starts", "a1 ends"]);
  });

  it.each([[null], [undefined], [1], [{}], ["x"]])("connects no %j", (receiver) => {
    const signal = new Signal<void>("requestStarted");
    expect(() => signal.connect(receiver as never)).toThrow(TypeError);
    expect(() => signal.connect(receiver as never)).toThrow(/requestStarted\.connect takes a function, not/);
    expect(signal.receiverCount()).toBe(0);
  });
});

describe("a registry", () => {
  it("has three signals of its own", () => {
    const own = new RequestSignals();
    own.requestStarted.connect(() => {});
    own.requestFinished.connect(() => {});
    own.requestException.connect(() => {});
    expect([own.receiverCount(), requestSignals.receiverCount()]).toEqual([3, 0]);
    own.clearAll();
    expect(own.receiverCount()).toBe(0);
    expect([own.requestStarted, own.requestFinished, own.requestException].map(({ name }) => name)).toEqual([
      "requestStarted",
      "requestFinished",
      "requestException",
    ]);
  });

  it("is there globally, signal by signal", () => {
    expect([requestStarted, requestFinished, requestException]).toEqual([
      requestSignals.requestStarted,
      requestSignals.requestFinished,
      requestSignals.requestException,
    ]);
    requestFinished.connect(() => {});
    expect(requestSignals.receiverCount()).toBe(1);
  });
});
