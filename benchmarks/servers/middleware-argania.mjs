import { pino } from "pino";
import { middlewareBundleUrl } from "../lib/paths.mjs";
import { LOG_FILE, largeValue, ORIGIN, SECRET, smallValue } from "./middleware-scenarios.mjs";

const argania = await import(middlewareBundleUrl);
const { Resource, Server, _get, _requestReceiver, json } = argania;

const layers = {
  "request-id": () => new argania.RequestIdLayer(),
  logger: () => new argania.LoggerLayer(pino(pino.destination({ dest: LOG_FILE, sync: false }))),
  "security-headers": () => new argania.SecurityHeadersLayer(),
  cors: () => new argania.CorsLayer({ origins: [ORIGIN], credentials: true }),
  timeout: () => new argania.TimeoutLayer(10_000),
  jwt: () =>
    new argania.JwtAuthLayer({
      key: new TextEncoder().encode(SECRET),
      algorithms: ["HS256"],
      issuer: null,
      audience: null,
    }),
  compression: () => new argania.CompressionLayer({ codings: ["gzip"] }),
};

export async function start(scenario) {
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver(scenario.layers.map((name) => layers[name]())));
  const value = scenario.isLarge ? largeValue : smallValue;
  root.setHandlerFor(_get.to(() => json(value())));
  const { address } = await new Server().serve(root.intoService(), "127.0.0.1:0");
  return address.port;
}
