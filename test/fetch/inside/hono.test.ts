import type { AddressInfo } from "node:net";
import { type HttpBindings, serve as serveHono } from "@hono/node-server";
import { Hono } from "hono";
import { expect, onTestFinished, test } from "vitest";
import { leave, looksAround, tree } from "./tree.ts";

async function listening(app: Hono<{ Bindings: HttpBindings }>): Promise<string> {
  return new Promise((resolve) => {
    const server = serveHono({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }: AddressInfo) =>
      resolve(`http://127.0.0.1:${port}`),
    );
    onTestFinished(
      () =>
        new Promise<void>((closed) => {
          server.close(() => closed());
          (server as { closeAllConnections?: () => void }).closeAllConnections?.();
        }),
    );
  });
}

test("inside Hono, with the path in the tree", async () => {
  const { service, left, errors } = tree("/api");
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.get("/own", (c) => c.text("own"));
  app.all("/api/*", (c) => service.fetch(c.req.raw, c.env));
  const url = await listening(app);
  const { seen, expected } = await looksAround(`${url}/api`, "/api", false);
  expect(seen).toEqual(expected);
  expect(await (await fetch(`${url}/own`)).text()).toBe("own");
  await leave(`${url}/api/endless`);
  await left.reached;
  expect(errors).toEqual([]);
});

test("inside Hono, below a path that its mount() cuts off", async () => {
  const { service, left } = tree("/", { mountPath: "/outer/api" });
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.mount("/outer/api", service.fetch, (c) => c.env);
  const url = await listening(app);
  const { seen, expected } = await looksAround(`${url}/outer/api`, "/outer/api", true);
  expect(seen).toEqual(expected);
  await leave(`${url}/outer/api/endless`);
  await left.reached;
});
