import { _get, type CookieAttributes, json, Resource, respond, Server } from "argania";
import { CookieKey, cookieKey } from "argania/cookies";
import type { Target } from "./raw-client.ts";

export const KEY: CookieKey = CookieKey.from("a secret of hostile tests, 32 bytes or more");

export interface CookieApp extends Target {
  close(): Promise<void>;
}

/** What the setup of the data asks for, and a handler that sets whatever a query of JSON says. */
export async function startCookieApp(): Promise<CookieApp> {
  const root = new Resource("/").setProperty(cookieKey.to(KEY)).setHandlerFor(_get.to(() => "root"));
  root.subresource("/cookies").setHandlerFor(_get.to((context) => json([...context.cookies()])));
  for (const kind of ["signed", "private"] as const) {
    root
      .subresource(`/${kind}/{name}`)
      .setHandlerFor(_get.to((context) => context.cookies()[kind].get(context.params.name) ?? "none"));
  }
  root.subresource("/set").setHandlerFor(
    _get.to((context) => {
      const given = JSON.parse(context.query.get("json") ?? "") as [string, string, CookieAttributes?];
      return respond(
        context
          .cookies()
          .set("fine", "1")
          .set(...given),
        "set",
      );
    }),
  );
  root
    .subresource("/hdr/{value}")
    .setHandlerFor(_get.to(({ params }) => respond({ "x-value": params.value }, "ok")));
  const logger = { error: () => {} };
  const server = new Server().withLogger(logger);
  const { address, close } = await server.serve(root.intoService({ logger }), "127.0.0.1:0");
  return { host: address.host, port: address.port, close };
}
