import { comparisonReport } from "../lib/comparison-report.mjs";
import { hostInfo } from "../lib/host-info.mjs";
import { tool } from "../lib/load.mjs";
import { makeFiles, staticContenders, staticScenarios } from "../servers/static-scenarios.mjs";
import { measureAll } from "./http.mjs";

const PACKAGES = ["@fastify/static", "fastify", "sirv", "serve-static", "hono", "@hono/node-server", "h3"];

const REPORT = {
  name: "static",
  title: "Static files: requests per second on one core",
  notes: [
    "sirv looks at its files when it starts, and never again; sirv:dev and all others look at each request, argania once for those that it reads in the same turn of the event loop. argania:trusted looks once a second (`revalidateAfter: 1_000`), argania:uncached keeps nothing in memory. raw is `node:http` by hand, which opens and reads the file at each request. h3 leaves the files to the app, which reads them whole, as in its documentation. Hono has no conditional requests for files. At 304 sirv sends none of the headers that RFC 9110 §15.4.5 asks for.",
  ],
};

export function run() {
  makeFiles();
  return measureAll(staticScenarios, staticContenders, (measured) =>
    comparisonReport(REPORT, measured, hostInfo(PACKAGES), tool),
  );
}
