import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Deadlines } from "../../src/handler/deadlines.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});

afterEach(() => {
  vi.useRealTimers();
});

function record() {
  const expired: string[] = [];
  return { expired, expire: (name: string) => () => void expired.push(name) };
}

describe("Deadlines", () => {
  it("expire in order, each after its own time", () => {
    const { expired, expire } = record();
    const deadlines = new Deadlines(100);
    deadlines.add(expire("a"));
    vi.advanceTimersByTime(60);
    deadlines.add(expire("b"));
    vi.advanceTimersByTime(39);
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(expired).toEqual(["a"]);
    vi.advanceTimersByTime(59);
    expect(expired).toEqual(["a"]);
    vi.advanceTimersByTime(1);
    expect(expired).toEqual(["a", "b"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("need one timer for all of them", () => {
    const deadlines = new Deadlines(100);
    for (let count = 0; count < 10; count++) {
      deadlines.add(() => {});
    }
    expect(vi.getTimerCount()).toBe(1);
  });

  it.each([
    [[0], ["b", "c"]],
    [[1], ["a", "c"]],
    [[2], ["a", "b"]],
    [[0, 1, 2], []],
    [[2, 1, 0], []],
    [
      [1, 1, 1],
      ["a", "c"],
    ],
    [
      [0, 0],
      ["b", "c"],
    ],
  ])("do not expire once they are removed: %j", (removed, left) => {
    const { expired, expire } = record();
    const deadlines = new Deadlines(100);
    const added = ["a", "b", "c"].map((name) => deadlines.add(expire(name)));
    for (const index of removed) {
      deadlines.remove(added[index] as (typeof added)[number]);
    }
    vi.advanceTimersByTime(1_000);
    expect(expired).toEqual(left);
    deadlines.add(expire("later"));
    vi.advanceTimersByTime(100);
    expect(expired).toEqual([...left, "later"]);
  });

  it("may be removed after they have expired, and while others do", () => {
    const { expired, expire } = record();
    const deadlines = new Deadlines(100);
    const first = deadlines.add(() => {
      expire("first")();
      deadlines.remove(second);
      deadlines.add(expire("added while expiring"));
    });
    const second = deadlines.add(expire("second"));
    vi.advanceTimersByTime(100);
    deadlines.remove(first);
    expect(expired).toEqual(["first"]);
    vi.advanceTimersByTime(100);
    expect(expired).toEqual(["first", "added while expiring"]);
  });
});
