import bodyParser from "body-parser";
import polka from "polka";
import { build, NOT_FOUND, PLAIN } from "./connect-style.mjs";
import { listen } from "./listen.mjs";

function send(response, type, body) {
  response.setHeader("content-type", type);
  response.end(body);
}

export function start(scenario) {
  const onNoMatch = (_, response) => {
    response.statusCode = 404;
    send(response, PLAIN, NOT_FOUND);
  };
  const app = build(polka(scenario.hasNotFound ? { onNoMatch } : {}), scenario, {
    jsonParser: bodyParser.json(),
    sendText: (response, value) => send(response, PLAIN, value),
    sendJson: (response, value) => send(response, "application/json; charset=utf-8", JSON.stringify(value)),
  });
  return listen(app.handler);
}
