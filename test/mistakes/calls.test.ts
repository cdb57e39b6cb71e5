import { _get, dynStack, identity, Resource, type Service } from "argania";
import { describe, expect, test } from "vitest";

const untyped = (value: unknown) => value as never;

test.each<[unknown, string]>([
  ["http://a/x", "not a string"],
  [new URL("http://a/x"), "not a URL"],
  [undefined, "not undefined"],
  [null, "not null"],
])("service.fetch of %s says what it takes", (given, what) => {
  const service: Service = new Resource("/").setHandlerFor(_get.to(() => "x")).intoService();
  expect(() => service.fetch(untyped(given))).toThrow(TypeError);
  expect(() => service.fetch(untyped(given))).toThrow(
    `takes a Request, ${what}: write service.fetch(new Request(`,
  );
});

test.each<[unknown, string]>([
  [[identity], "not an array"],
  [undefined, "not undefined"],
  [{ wrap: identity }, "not an object"],
])("dynStack of %s is refused where it is written", (given, what) => {
  expect(() => dynStack(untyped(given))).toThrow(TypeError);
  expect(() => dynStack(untyped(given))).toThrow(what);
});

describe("waitUntil", () => {
  test("refuses a function, which nobody would call", async () => {
    const reports: unknown[] = [];
    const root = new Resource("/").setHandlerFor(
      _get.to((context) => {
        context.waitUntil(untyped(async () => {}));
        return "x";
      }),
    );
    const service = root.intoService({ logger: { error: ({ err }) => reports.push(err) } });
    expect((await service.request("/")).status).toBe(500);
    expect(String(reports[0])).toContain("TypeError: waitUntil takes a promise, not a function");
  });

  test("takes promises", async () => {
    let isDone = false;
    const work = async () => {
      isDone = true;
    };
    const root = new Resource("/").setHandlerFor(
      _get.to((context) => {
        context.waitUntil(work());
        return "x";
      }),
    );
    expect(await (await root.intoService().request("/")).text()).toBe("x");
    expect(isDone).toBe(true);
  });
});
