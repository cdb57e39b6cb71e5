import { _wildcardMethod, Resource } from "argania";
import { connectHandler } from "argania/connect";
import express from "express";

/** The resource `/legacy/express`: an app of Express, which has everything below. It sees paths without that prefix. */
export function buildLegacyExpress(): Resource<"/legacy/express ?*"> {
  const app = express();
  app.use(express.json({ limit: "10kb" }));
  app.get("/hello/:name", (request, response) => {
    response.json({ hello: request.params.name, from: "Express" });
  });
  app.post("/echo", (request, response) => {
    response.status(201).json(request.body);
  });

  const legacy = new Resource("/legacy/express ?*");
  legacy.setHandlerFor(_wildcardMethod.to(connectHandler(app)));
  return legacy;
}
