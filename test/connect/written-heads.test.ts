import { _get, _requestReceiver, Resource, ResponseError } from "argania";
import { type ConnectMiddleware, type ConnectResponse, connectLayer } from "argania/connect";
import { describe, expect, it } from "vitest";
import { eventually, serveTree } from "./serve-tree.ts";

type Raw = ConnectResponse & {
  flushHeaders(): void;
  writeHead(status: number, headers?: object): unknown;
};

async function* chunks() {
  yield "in";
  await new Promise((resolve) => setTimeout(resolve, 5));
  yield "side";
}

const writings: [string, (response: Raw) => void][] = [
  ["writeHead", (response) => void response.writeHead(200, { "x-head": "1" })],
  [
    "flushHeaders",
    (response) => {
      response.setHeader("x-head", "1");
      response.flushHeaders();
    },
  ],
];

const handlers: [string, () => unknown][] = [
  ["a text", () => "inside"],
  ["a text, later", () => new Promise((resolve) => setTimeout(resolve, 10, "inside"))],
  ["a stream", () => chunks()],
];

const treeWith = (before: (response: Raw) => void, handler: () => unknown, ended: string[] = []) => {
  const middleware: ConnectMiddleware = (_request, response, next) => {
    response.on("close", () => ended.push("close"));
    before(response as Raw);
    next();
  };
  const root = new Resource("/").setHandlerFor(_get.to(handler as () => string));
  root.addLayerTo(_requestReceiver(connectLayer(middleware)));
  return root;
};

describe.each(writings)("middleware that hands on after %s", (_, before) => {
  it.each(handlers)("gets the body of what is inside: %s", async (_, handler) => {
    const ended: string[] = [];
    const { url, service } = await serveTree(treeWith(before, handler, ended));
    for (const ask of [() => fetch(url), () => service.request("/")]) {
      const response = await ask();
      expect([response.status, response.headers.get("x-head"), await response.text()]).toEqual([
        200,
        "1",
        "inside",
      ]);
    }
    await eventually(() => ended.length === 2);
  });

  it("and whose handler fails at once has the error answered, and ends", async () => {
    const ended: string[] = [];
    const fail = () => {
      throw new ResponseError(409, "conflict");
    };
    const { url } = await serveTree(treeWith(before, fail, ended));
    expect((await fetch(url)).status).toBe(409);
    await eventually(() => ended.length === 1);
  });
});

it("middleware that hands on after part of the body gets the rest", async () => {
  const { url } = await serveTree(
    treeWith(
      (response) => void response.write("out"),
      () => chunks(),
    ),
  );
  expect(await (await fetch(url)).text()).toBe("outinside");
});
