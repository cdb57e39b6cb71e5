import express from "express";
import helmet from "helmet";
import { listen } from "./listen.mjs";
import { smallValue } from "./middleware-scenarios.mjs";

const layers = { connect: () => helmet() };

export function start(scenario) {
  const app = express();
  for (const name of scenario.layers) app.use(layers[name]());
  app.get("/", (_, response) => response.json(smallValue()));
  return listen(app);
}
