import type { Service } from "argania";
import express, { type ErrorRequestHandler, type RequestHandler } from "express";
import { expect, test } from "vitest";
import { listen } from "../serve.ts";
import { leave, looksAround, tree } from "./tree.ts";

const middleware = ({ nodeListener }: Service) => nodeListener as unknown as RequestHandler;

test("inside Express, below a path that Express cuts off", async () => {
  const { service, left, errors } = tree("/");
  const app = express();
  app.use("/outer/api", middleware(service));
  const url = await listen(app);
  const { seen, expected } = await looksAround(`${url}/outer/api`, "/outer/api", true);
  expect(seen).toEqual(expected);
  await leave(`${url}/outer/api/endless`);
  await left.reached;
  expect(errors).toEqual([]);
});

test("inside Express, with the path in the tree", async () => {
  const { service } = tree("/api");
  const app = express();
  app.use(middleware(service));
  const url = await listen(app);
  const { seen, expected } = await looksAround(`${url}/api`, "/api", false);
  expect(seen).toEqual(expected);
});

test("what no resource has goes on to Express; what has failed does not", async () => {
  const { service } = tree("/");
  const app = express();
  app.use("/api", middleware(service));
  app.get("/api/after", (_, response) => void response.send("after"));
  const url = await listen(app);
  expect(await (await fetch(`${url}/api/after`)).text()).toBe("after");
  expect((await fetch(`${url}/api/nowhere`)).status).toBe(404);
  expect((await fetch(`${url}/api/json`)).status).toBe(405);
});

test("headers that Express has set stay, and every cookie of its and ours is sent", async () => {
  const { service } = tree("/api");
  const app = express();
  app.use((_, response, next) => {
    response.setHeader("x-before", "1");
    response.setHeader("x-own", "theirs");
    response.cookie("session", "express");
    response.vary("Origin");
    next();
  });
  app.use(middleware(service));
  const url = await listen(app);
  const { headers } = await fetch(`${url}/api/cookies`);
  expect([headers.get("x-before"), headers.get("x-powered-by"), headers.get("x-own")]).toEqual([
    "1",
    "Express",
    "1",
  ]);
  expect(headers.getSetCookie()).toEqual(["session=express; Path=/", "a=1", "b=2"]);
  expect(headers.get("vary")).toBe("Origin, Accept");
});

test("behind a body parser the error says what to do", async () => {
  const { service, errors } = tree("/api");
  const app = express();
  app.use(express.json());
  app.use(middleware(service));
  app.use(((_error, _request, response, _next) => void response.status(599).end()) as ErrorRequestHandler);
  const url = await listen(app);
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
  expect((await fetch(`${url}/api/json`, init)).status).toBe(500);
  expect(errors.map(({ err }) => (err as Error).message)).toEqual([
    expect.stringContaining("put the service in front of body parsers"),
  ]);
});
