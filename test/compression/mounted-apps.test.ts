import { _get, _requestReceiver, Resource } from "argania";
import { connectHandler } from "argania/connect";
import { fetchHandler } from "argania/fetch";
import { CompressionLayer } from "argania/middleware";
import express from "express";
import { Hono } from "hono";
import { expect, it } from "vitest";
import { ask, TEXT } from "./serving.ts";

const app = express();
app.get("/long", (_, response) => void response.set("etag", '"v1"').send(TEXT));
app.get("/short", (_, response) => void response.send("short"));
app.get("/digest", (_, response) => void response.set("repr-digest", "sha-256=:eA==:").send(TEXT));

const root = new Resource("/").addLayerTo(_requestReceiver(new CompressionLayer()));
root.subresource("/express *").setHandlerFor(_get.to(connectHandler(app)));
const hono = new Hono().get("/hono/long", (context) => context.text(TEXT));
root.subresource("/hono *").setHandlerFor(_get.to(fetchHandler(hono)));
const service = root.intoService();

it.each(["/express/long", "/express/short", "/express/digest"])(
  "HEAD of %s, which Express answers, has the headers of GET but for the length that is not known",
  async (path) => {
    const get = await ask(service, "gzip", { path });
    const head = await ask(service, "gzip", { path, method: "HEAD" });
    const isEncoded = get.coding !== null;
    const names = isEncoded
      ? [...get.headers.keys()].filter((name) => name !== "content-length")
      : [...get.headers.keys()];
    expect([...head.headers.keys()]).toEqual(names);
    for (const name of ["content-encoding", "etag", "vary", "content-type"]) {
      expect([name, head.headers.get(name)]).toEqual([name, get.headers.get(name)]);
    }
    expect(isEncoded).toBe(path === "/express/long");
  },
);

it("HEAD that says no length is sent as it is, and varies as GET does", async () => {
  const head = await ask(service, "gzip", { path: "/hono/long", method: "HEAD" });
  expect([head.coding, head.headers.get("vary")]).toEqual([null, "accept-encoding"]);
});
