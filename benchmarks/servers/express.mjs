import express from "express";
import { build, NOT_FOUND } from "./connect-style.mjs";
import { listen } from "./listen.mjs";

export function start(scenario) {
  const app = build(express(), scenario, {
    jsonParser: express.json(),
    sendText: (response, value) => response.type("text/plain").send(value),
    sendJson: (response, value) => response.json(value),
  });
  if (scenario.hasNotFound) {
    app.use((_, response) => response.status(404).type("text/plain").send(NOT_FOUND));
  }
  return listen(app);
}
