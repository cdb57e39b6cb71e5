import { hostInfo } from "../lib/host-info.mjs";
import { tool } from "../lib/load.mjs";
import { staticReport } from "../lib/static-report.mjs";
import { makeFiles, staticScenarios } from "../servers/static-scenarios.mjs";
import { measureAll } from "./http.mjs";

const CONTENDERS = [
  ...["static-argania", "static-argania:trusted", "static-argania:uncached", "static-fastify"],
  ...["static-sirv", "static-sirv:dev", "static-serve"],
];
const PACKAGES = ["@fastify/static", "fastify", "sirv", "serve-static"];

export function run() {
  makeFiles();
  return measureAll(staticScenarios, CONTENDERS, (measured) =>
    staticReport(measured, hostInfo(PACKAGES), tool),
  );
}
