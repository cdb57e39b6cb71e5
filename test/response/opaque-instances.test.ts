import { _get, InvalidResponseError, Resource } from "argania";
import { EventChannel } from "argania/sse";
import { describe, expect, test, vi } from "vitest";
import { intoResponse } from "../../src/response/into-response.ts";

describe("an instance of which JSON would leave nothing is no response", () => {
  class Secret {
    readonly #value = 1;
    get value(): number {
      return this.#value;
    }
  }

  test("it is named, and what to do", () => {
    expect(() => intoResponse(new Secret())).toThrow(InvalidResponseError);
    expect(() => intoResponse(new Secret())).toThrow(
      /an instance of Secret .* toJSON\(\) or intoResponse\(\)/,
    );
    expect(() => intoResponse(new (class {})())).toThrow(InvalidResponseError);
  });

  test("such as a subscription without its EventStream", async () => {
    const error = vi.fn();
    const root = new Resource("/").setHandlerFor(_get.to(() => new EventChannel().subscribe()));
    const response = await root.intoService({ logger: { error } }).request("/");
    expect(response.status).toBe(500);
    expect(String(error.mock.calls[0]?.[0].err)).toMatch(/EventSubscription .* new EventStream\(…\)/);
  });

  test.each([
    ["an empty object", {}],
    ["one without a prototype", Object.create(null)],
    ["one whose fields are undefined", { a: undefined }],
    [
      "an instance with fields",
      new (class {
        a = undefined;
      })(),
    ],
    [
      "an instance with toJSON",
      new (class {
        toJSON() {
          return {};
        }
      })(),
    ],
  ])("%s stays one", (_, value) => {
    expect(intoResponse(value).status).toBe(200);
  });
});
