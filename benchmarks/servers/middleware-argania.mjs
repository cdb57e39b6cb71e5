import { pino } from "pino";
import { middlewareBundleUrl } from "../lib/paths.mjs";
import { LOG_FILE, largeValue, ORIGIN, SECRET, smallValue, TOKEN } from "./middleware-scenarios.mjs";

const argania = await import(middlewareBundleUrl);
const { Resource, Server, _get, _requestReceiver, json } = argania;

const session = argania.defineSession();

const layers = {
  "request-id": () => new argania.RequestIdLayer(),
  logger: () => new argania.LoggerLayer(pino(pino.destination({ dest: LOG_FILE, sync: false }))),
  "security-headers": () => new argania.SecurityHeadersLayer(),
  cors: () => new argania.CorsLayer({ origins: [ORIGIN], credentials: true }),
  timeout: () => new argania.TimeoutLayer(10_000),
  csrf: () => new argania.CsrfLayer(),
  bearer: () => new argania.BearerAuthLayer({ tokens: { [TOKEN]: "ops" } }),
  session: () => new argania.SessionLayer(session),
  jwt: () =>
    new argania.JwtAuthLayer({
      key: new TextEncoder().encode(SECRET),
      algorithms: ["HS256"],
      issuer: null,
      audience: null,
    }),
  compression: () => new argania.CompressionLayer({ codings: ["gzip"] }),
};

const logIn = (context) => {
  session.of(context).set("userId", "7");
  return "Hello";
};

const greetUser = (context) => {
  const userId = session.of(context).get("userId");
  if (userId !== "7") throw new Error("There is no session.");
  return json({ userId });
};

export async function start(scenario) {
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver(scenario.layers.map((name) => layers[name]())));
  const value = scenario.isLarge ? largeValue : smallValue;
  root.setHandlerFor(_get.to(scenario.hasLogin ? greetUser : () => json(value())));
  if (scenario.hasLogin) {
    root.setProperty(argania.cookieKey.to(argania.CookieKey.generate()));
    root.subresource("/login").setHandlerFor(_get.to(logIn));
  }
  const { address } = await new Server().serve(root.intoService(), "127.0.0.1:0");
  return address.port;
}
