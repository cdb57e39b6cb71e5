import { _get, _requestReceiver, Resource } from "argania";
import { type ConnectMiddleware, type ConnectResponse, connectHandler, connectLayer } from "argania/connect";
import { describe, expect, it } from "vitest";
import { eventually, serveTree } from "./serve-tree.ts";

type Callback = (error?: unknown) => void;
type Raw = ConnectResponse & {
  write(chunk: string, callback?: Callback): boolean;
  end(chunk?: string, callback?: Callback): unknown;
  destroy(error?: Error): unknown;
};

const fail = () => {
  throw new Error("thrown late");
};

const treeWith = (middleware: ConnectMiddleware) => {
  const root = new Resource("/").setHandlerFor(_get.to(() => "inside"));
  return root.addLayerTo(_requestReceiver(connectLayer(middleware)));
};

const messagesOf = (logged: readonly unknown[]) =>
  logged.map((details) => (details as { err: Error }).err.message);

// What is uncaught fails the run, whatever the tests say.
describe("what middleware throws in a later tick is logged, and the process lives", () => {
  it.each<[string, (response: Raw, next: () => void) => void, string]>([
    [
      "a listener for finish",
      (response, next) => {
        response.on("finish", fail);
        next();
      },
      "inside",
    ],
    [
      "a listener for close",
      (response, next) => {
        response.on("close", fail);
        next();
      },
      "inside",
    ],
    [
      "a callback of write",
      (response) => {
        response.write("a", fail);
        response.end();
      },
      "a",
    ],
    ["a callback of end", (response) => response.end("a", fail), "a"],
    [
      "a callback of a write after the end",
      (response) => {
        response.end("a");
        response.write("b", fail);
      },
      "a",
    ],
    [
      "a listener for the error of that",
      (response) => {
        response.end("a");
        response.on("error", fail);
        response.write("b");
      },
      "a",
    ],
  ])("%s", async (_, run, expected) => {
    const { url, service, logged } = await serveTree(
      treeWith((_request, response, next) => void run(response as Raw, next)),
    );
    expect(await (await fetch(url)).text()).toBe(expected);
    await eventually(() => logged.length === 1);
    expect(await (await service.request("/")).text()).toBe(expected);
    await eventually(() => logged.length === 2);
    expect(messagesOf(logged)).toEqual(["thrown late", "thrown late"]);
  });

  it("a listener for drain, whose body is broken off: nobody would write the rest", async () => {
    const { url, service, logged } = await serveTree(
      treeWith((_request, response) => {
        response.on("drain", fail);
        response.write("a".repeat(20_000));
      }),
    );
    for (const ask of [() => fetch(url), () => service.request("/")]) {
      await expect(ask().then((response) => response.text())).rejects.toThrow();
      await eventually(() => messagesOf(logged).includes("thrown late"));
      logged.length = 0;
    }
  });
});

describe("an error that throws when it is looked at", () => {
  const status = Object.defineProperty(new Error("odd"), "status", { get: fail });
  const headers = { status: 400, headers: Object.defineProperty({}, "a", { get: fail, enumerable: true }) };
  const proxy = new Proxy({}, { getPrototypeOf: fail });

  it.each([
    ["a getter", status],
    ["a getter of its headers", headers],
    ["a proxy", proxy],
  ])("%s: the answer is a 500", async (_, error) => {
    const later: ConnectMiddleware = (_request, _response, next) => {
      setTimeout(() => next(error), 1);
    };
    const rejected: ConnectMiddleware = async () => Promise.reject(error);
    for (const middleware of [later, rejected]) {
      const handled = new Resource("/").setHandlerFor(_get.to(connectHandler(middleware)));
      for (const root of [treeWith(middleware), handled]) {
        const { url, service } = await serveTree(root);
        expect([(await fetch(url)).status, (await service.request("/")).status]).toEqual([500, 500]);
      }
    }
  });
});

describe("what middleware does to its request", () => {
  it("a fixed url does not keep what is inside from running", async () => {
    const { url, service } = await serveTree(
      treeWith((request, _response, next) => {
        Object.defineProperty(request, "url", { value: "/fixed", writable: false });
        setTimeout(next, 1);
      }),
    );
    expect(await (await fetch(url)).text()).toBe("inside");
    expect(await (await service.request("/")).text()).toBe("inside");
  });

  it("a destroyed socket of a request made for the occasion ends nothing else", async () => {
    const { service } = await serveTree(
      treeWith((request, _response, next) => {
        (request as unknown as { socket: Raw }).socket.destroy(new Error("destroyed"));
        setTimeout(next, 1);
      }),
    );
    expect(await (await service.request("/")).text()).toBe("inside");
  });
});
