import helmet from "helmet";
import { pino } from "pino";
import { middlewareBundleUrl } from "../lib/paths.mjs";
import {
  LOG_FILE,
  largeValue,
  NETWORK,
  NEW_HOME,
  ORIGIN,
  PASSWORD,
  page,
  pieces,
  SECRET,
  smallValue,
  TakenError,
  TOKEN,
  USER,
} from "./middleware-scenarios.mjs";
import { mountedApp } from "./mounted-hono.mjs";
import { pass } from "./scenarios.mjs";

const argania = await import(middlewareBundleUrl);
const { Resource, Server, _get, _post, _requestReceiver, _wildcardMethod, json, jsonBody } = argania;

const sessions = {
  cookie: argania.defineSession(),
  store: argania.defineSession({ store: new argania.MemorySessionStore() }),
};

const user = new argania.ExtensionKey("user");
const noteRequest = () => {
  pass.count++;
};

const layers = {
  "request-id": () => new argania.RequestIdLayer(),
  logger: () => new argania.LoggerLayer(pino(pino.destination({ dest: LOG_FILE, sync: false }))),
  "security-headers": () => new argania.SecurityHeadersLayer(),
  cors: () => new argania.CorsLayer({ origins: [ORIGIN], credentials: true }),
  timeout: () => new argania.TimeoutLayer(10_000),
  csrf: () => new argania.CsrfLayer(),
  bearer: () => new argania.BearerAuthLayer({ tokens: { [TOKEN]: "ops" } }),
  basic: () => new argania.BasicAuthLayer({ users: { [USER]: PASSWORD } }),
  "ip-filter": () => new argania.IpFilterLayer({ allow: ["loopback"] }),
  "proxied-ip-filter": () => new argania.IpFilterLayer({ allow: [NETWORK] }),
  "session-cookie": () => new argania.SessionLayer(sessions.cookie),
  "session-store": () => new argania.SessionLayer(sessions.store),
  decompression: () => new argania.RequestDecompressionLayer(),
  etag: () => new argania.ConditionalRequestsLayer(),
  jwt: () =>
    new argania.JwtAuthLayer({
      key: new TextEncoder().encode(SECRET),
      algorithms: ["HS256"],
      issuer: null,
      audience: null,
    }),
  compression: () => new argania.CompressionLayer({ codings: ["gzip"] }),
  "compression-br": () => new argania.CompressionLayer({ codings: ["br"] }),
  "csp-nonce": () => {
    const sources = ["'self'", "'nonce'"];
    const directives = { "script-src": sources, "style-src": sources };
    return new argania.SecurityHeadersLayer({ contentSecurityPolicy: { directives } });
  },
  "remote-ip": () => new argania.RemoteIpLayer({ provider: "nginx", peers: ["loopback"] }),
  "error-handler": () =>
    new argania.ErrorHandlerLayer((error) => {
      if (error instanceof TakenError) return json({ error: error.message }, 409);
      throw error;
    }),
  redirection: () => argania.RedirectionLayer.permanentToPrefix(NEW_HOME),
  extensions: () =>
    new argania.RequestExtensionsModifierLayer((extensions) => void extensions.set(user, { name: USER })),
  "request-signals": () => {
    for (const signal of [argania.requestStarted, argania.requestFinished]) signal.connect(noteRequest);
    return new argania.RequestSignalsLayer();
  },
  connect: () => argania.connectLayer(helmet()),
};

const NOBODY = () => new Response(null, { status: 401 });
const answerTo = (userId) => (userId === undefined ? NOBODY() : json({ userId }));

/** What reads the session: at once from a cookie, later from a store. */
const greeters = {
  "session-cookie": (context) => answerTo(sessions.cookie.of(context).get("userId")),
  "session-store": async (context) => answerTo((await sessions.store.of(context)).get("userId")),
};

const logInTo = (session) => async (context) => {
  (await session.of(context)).set("userId", "7");
  return "Hello";
};

const handlers = {
  value: (value) => _get.to(() => json(value())),
  later: (value) =>
    _get.to(async () => {
      await null;
      return json(value());
    }),
  count: () => _post.to([jsonBody()], (things) => json({ count: things.length })),
  ip: () => _get.to(({ peerAddress }) => json({ ip: peerAddress })),
  nonce: () => _get.to((context) => argania.html(page(argania.cspNonce(context)))),
  shared: () => _get.to(({ extensions }) => json(extensions.getOrThrow(user))),
  stream: () => _get.to(() => argania.respond({ "content-type": "application/json" }, pieces())),
  throws: () =>
    _get.to(() => {
      throw new TakenError("taken");
    }),
};

function addHandlers(root, { handler = "value", isLarge, layers: [layer] }) {
  if (handler === "user") {
    root.setProperty(argania.cookieKey.to(argania.CookieKey.generate()));
    root.setHandlerFor(_get.to(greeters[layer]));
    const session = sessions[layer === "session-store" ? "store" : "cookie"];
    root.subresource("/login").setHandlerFor(_get.to(logInTo(session)));
  } else if (handler === "mounted") {
    root.subresource("/api ?*").setHandlerFor(_wildcardMethod.to(argania.fetchHandler(mountedApp())));
  } else {
    root.setHandlerFor(handlers[handler](isLarge ? largeValue : smallValue));
  }
}

export async function start(scenario) {
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver(scenario.layers.map((name) => layers[name]())));
  addHandlers(root, scenario);
  const isProxied = scenario.layers.includes("proxied-ip-filter");
  const service = root.intoService(isProxied ? { trustedProxies: { peers: ["loopback"] } } : {});
  const { address } = await new Server().serve(service, "127.0.0.1:0");
  return address.port;
}
