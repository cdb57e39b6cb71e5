// Server with one process (count 0) or with so many workers: Argania, or node:http and node:cluster by hand. The
// process that was started says how much CPU time all of them have used.

import cluster from "node:cluster";
import { createServer } from "node:http";
import { availableParallelism } from "node:os";
import { bundleUrl } from "../lib/paths.mjs";

const [contender, count] = process.argv.slice(2);
const TEXT = "Hello, World!";
const port = await (contender === "raw" ? startRaw(Number(count)) : startArgania(Number(count)));

if (cluster.isPrimary) {
  process.on("message", async () => process.send(await usageOfAll()));
  process.on("disconnect", () => process.exit());
  process.send({ port, cores: availableParallelism() });
} else {
  process.on("message", (question) => question === "usage" && process.send({ usage: ownUsage() }));
}

function ownUsage() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

async function usageOfAll() {
  const answers = Object.values(cluster.workers).map((worker) => {
    worker.send("usage");
    return new Promise((resolve) => {
      worker.on("message", function onMessage({ usage }) {
        if (usage === undefined) return;
        worker.off("message", onMessage);
        resolve(usage);
      });
    });
  });
  const workers = await Promise.all(answers);
  return { first: ownUsage(), workers };
}

/** What a handler does that has something to do: about 0.1 ms. */
function work() {
  const rows = Array.from({ length: 250 }, (_, id) => ({ id, name: `row ${id}`, isNew: id % 2 === 0 }));
  return String(JSON.stringify(JSON.parse(JSON.stringify(rows))).length);
}

async function startArgania(count) {
  const { Resource, Server, _get } = await import(bundleUrl);
  const root = new Resource("/");
  root.setHandlerFor(_get.to(() => TEXT));
  root.subresource("/work").setHandlerFor(_get.to(work));
  const { address } = await new Server().withWorkers(count).serve(root.intoService(), "127.0.0.1:0");
  return address.port;
}

function startRaw(count) {
  if (cluster.isPrimary && count > 0) {
    let listening = 0;
    return new Promise((resolve) => {
      for (let index = 0; index < count; index++) cluster.fork();
      cluster.on("listening", (_, { port }) => ++listening === count && resolve(port));
    });
  }
  const server = createServer((request, response) => {
    const body = request.url === "/work" ? work() : TEXT;
    response.writeHead(200, [
      "Content-Type",
      "text/plain; charset=utf-8",
      "Content-Length",
      String(body.length),
    ]);
    response.end(body);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(server.address().port));
  });
}
