// One app for every runtime: what it answers must not depend on where it runs.

import {
  _get,
  _post,
  _requestHandler,
  _requestReceiver,
  binaryBody,
  formBody,
  header,
  json,
  jsonBody,
  jsonStream,
  optional,
  peer,
  queryParams,
  Resource,
  ResponseError,
  redirect,
  respond,
  textBody,
} from "argania";
import { CookieKey, cookieKey } from "argania/cookies";
import { JwtAuthLayer } from "argania/jwt";
import {
  BearerAuthLayer,
  CompressionLayer,
  ConditionalRequestsLayer,
  CorsLayer,
  defineSession,
  RequestDecompressionLayer,
  RequestIdLayer,
  requestId,
  SecurityHeadersLayer,
  SessionLayer,
  TimeoutLayer,
} from "argania/middleware";
import { multipartBody, multipartFields } from "argania/multipart";
import { EventStream } from "argania/sse";
import { webSocketUpgrade } from "argania/websocket";
import { z } from "zod";

const SECRET = "0123456789abcdef0123456789abcdef";
/** What has ended, for clients to ask. */
const seen = { aborted: 0, released: 0, closed: "" };

export const root = new Resource("/");
root.setProperty(cookieKey.to(CookieKey.from(SECRET)));
root.setHandlerFor(_get.to(() => "Hello"));
root.subresource("/seen").setHandlerFor(_get.to(() => json(seen)));

addRequests(root.subresource("/requests"));
addResponses(root.subresource("/responses"));
addLayers(root.subresource("/layers"));
addWebSockets(root.subresource("/ws"));

function addRequests(requests: Resource<"/requests">): void {
  requests.subresource("/users/{id:\\d+}").setHandlerFor(_get.to(({ params }) => json({ id: params.id })));
  requests.subresource("/names/{name}").setHandlerFor(_get.to(({ params }) => params.name));
  requests
    .subresource("/query")
    .setHandlerFor(
      _get.to([queryParams(z.object({ page: z.number(), tag: z.array(z.string()) }))], (query) =>
        json(query),
      ),
    );
  requests.subresource("/header").setHandlerFor(_get.to([header("x-note")], (note) => note));
  requests.subresource("/peer").setHandlerFor(_get.to([peer], (address) => address));
  requests
    .subresource("/url")
    .setHandlerFor(_get.to(({ url, method, scheme }) => json([method, scheme, url.pathname, url.search])));
  requests
    .subresource("/json")
    .setHandlerFor(_post.to([jsonBody(z.object({ name: z.string().min(2) }))], (user) => json(user)));
  requests.subresource("/form").setHandlerFor(_post.to([formBody], (form) => json(form)));
  requests.subresource("/text").setHandlerFor(_post.to([textBody.withLimit(100)], (text) => text));
  requests
    .subresource("/bytes")
    .setHandlerFor(_post.to([binaryBody.withLimit(4_000_000)], (bytes) => String(bytes.byteLength)));
  requests.subresource("/ignored").setHandlerFor(_post.to(() => "not read"));
  requests
    .subresource("/multipart")
    .setHandlerFor(
      _post.to([multipartBody({ bodyLimit: 8_000_000 })], async (form) => json(await partsOf(form))),
    );
  requests
    .subresource("/fields")
    .setHandlerFor(
      _post.to([multipartFields.withOptions({ bodyLimit: 1_000 })], (fields) => json(Object.keys(fields))),
    );
  requests
    .subresource("/decompressed")
    .addLayerTo(_requestReceiver(new RequestDecompressionLayer()))
    .setHandlerFor(_post.to([textBody], (text) => text));
}

async function partsOf(form: AsyncIterable<{ readonly name: string; bytes(): Promise<Uint8Array> }>) {
  const parts: [string, number][] = [];
  for await (const part of form) parts.push([part.name, (await part.bytes()).byteLength]);
  return parts;
}

function addResponses(responses: Resource<"/responses">): void {
  responses.subresource("/redirect").setHandlerFor(_get.to(() => redirect("/", 303)));
  responses.subresource("/status").setHandlerFor(_get.to(() => respond(418, { "x-a": "1" }, "teapot")));
  responses.subresource("/none").setHandlerFor(_get.to(() => respond(204)));
  responses.subresource("/fails").setHandlerFor(
    _get.to(() => {
      throw new Error("a secret");
    }),
  );
  responses.subresource("/refuses").setHandlerFor(
    _get.to(() => {
      throw new ResponseError(409, "taken");
    }),
  );
  responses.subresource("/pieces").setHandlerFor(_get.to(() => pieces()));
  responses
    .subresource("/rows")
    .setHandlerFor(_get.to(() => jsonStream(Array.from({ length: 5_000 }, (_, id) => ({ id })))));
  responses.subresource("/breaks").setHandlerFor(_get.to(() => breaks()));
  responses
    .subresource("/events")
    .setHandlerFor(
      _get.to([optional(header("last-event-id"))], (last) => new EventStream(events(Number(last ?? 0)))),
    );
  responses.subresource("/endless").setHandlerFor(
    _get.to((context) => {
      context.signal.addEventListener("abort", () => seen.aborted++);
      return new EventStream(endless());
    }),
  );
  responses.subresource("/cookies").setHandlerFor(
    _get.to((context) => {
      const jar = context.cookies();
      const found = [jar.get("plain"), jar.signed.get("signed"), jar.private.get("private")];
      jar.set("plain", "a b", { path: "/" });
      jar.signed.set("signed", "s", { path: "/", httpOnly: true });
      jar.private.set("private", "p", { path: "/" });
      return respond(jar, json(found.map((value) => value ?? null)));
    }),
  );
}

async function* pieces() {
  for (const piece of ["one ", "two ", "three"]) {
    yield piece;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function* breaks() {
  yield "begun";
  await new Promise((resolve) => setTimeout(resolve, 5));
  throw new Error("a secret");
}

async function* events(after: number) {
  for (let id = after + 1; id <= 3; id++) yield { id, event: "count", data: { id } };
}

async function* endless() {
  try {
    for (;;) {
      yield { data: "x" };
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  } finally {
    seen.released++;
  }
}

function addLayers(layers: Resource<"/layers">): void {
  const wrapped = (path: string, layer: Parameters<typeof _requestReceiver>[0]) =>
    layers.subresource(path).addLayerTo(_requestReceiver(layer));
  wrapped("/compressed", new CompressionLayer()).setHandlerFor(_get.to(() => "compress me ".repeat(500)));
  wrapped("/conditional", new ConditionalRequestsLayer()).setHandlerFor(_get.to(() => "the same"));
  wrapped("/cors", new CorsLayer({ origins: ["https://app.example"], credentials: true })).setHandlerFor(
    _get.to(() => "shared"),
  );
  wrapped("/secured", new SecurityHeadersLayer()).setHandlerFor(_get.to(() => "secured"));
  wrapped("/id", new RequestIdLayer()).setHandlerFor(_get.to((context) => String(requestId(context))));
  const session = defineSession<{ count: number }>();
  wrapped("/session", new SessionLayer(session)).setHandlerFor(
    _post.to([session], (current) => {
      const count = (current.get("count") ?? 0) + 1;
      current.set("count", count);
      return String(count);
    }),
  );
  const bearer = new BearerAuthLayer({ verify: (token) => (token === "good" ? { name: "ada" } : undefined) });
  wrapped("/bearer", bearer).setHandlerFor(_get.to([bearer.principal], (user) => user.name));
  const jwt = new JwtAuthLayer({ key: SECRET, algorithms: ["HS256"], issuer: null, audience: null });
  wrapped("/jwt", jwt).setHandlerFor(_get.to([jwt.principal], (claims) => String(claims.sub)));
  layers
    .subresource("/slow")
    .addLayerTo(_requestHandler(new TimeoutLayer(20)))
    .setHandlerFor(_get.to(({ signal }) => forever(signal)));
}

function forever(signal: AbortSignal): Promise<string> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

function addWebSockets(sockets: Resource<"/ws">): void {
  sockets.subresource("/echo").setHandlerFor(
    _get.to([webSocketUpgrade({ protocols: ["b"], maxMessageBytes: 1_000 })], (upgrade) =>
      upgrade(async (socket) => {
        for await (const message of socket) await socket.send(message);
        const { code, reason } = await socket.closed;
        seen.closed = `${code} ${reason}`;
      }),
    ),
  );
  sockets
    .subresource("/closing")
    .setHandlerFor(
      _get.to([webSocketUpgrade()], (upgrade) => upgrade((socket) => socket.close(4001, "enough"))),
    );
  sockets.subresource("/failing").setHandlerFor(
    _get.to([webSocketUpgrade()], (upgrade) =>
      upgrade(() => {
        throw new Error("a secret");
      }),
    ),
  );
}
