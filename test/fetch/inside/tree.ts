import {
  _get,
  _post,
  type ErrorReport,
  jsonBody,
  Resource,
  redirect,
  respond,
  type ServiceOptions,
} from "argania";
import { latch } from "../serve.ts";

/** A tree below a path, or at the root, that shows what it sees. */
export function tree(path: string, options: ServiceOptions = {}) {
  const left = latch();
  const errors: ErrorReport[] = [];
  const root = new Resource(path);
  const item = root.subresource("/items/{id}/");
  item.setHandlerFor(
    _get.to((context) => ({
      id: context.params.id,
      url: context.url.href,
      mountPath: context.mountPath,
      href: context.mountPath + item.href({ id: 7 } as never),
      peer: context.peerAddress,
    })),
  );
  root
    .subresource("/json")
    .setHandlerFor(_post.to([jsonBody], (body) => respond(201, { "set-cookie": "a=1" }, { body })));
  root.subresource("/cookies").setHandlerFor(
    _get.to(() => {
      const response = respond({ "x-own": "1", vary: "Accept" }, "two");
      response.headers.append("set-cookie", "a=1");
      response.headers.append("set-cookie", "b=2");
      return response;
    }),
  );
  root.subresource("/raw").setHandlerFor(_post.to(({ body }) => body));
  root.subresource("/away").setHandlerFor(_get.to(() => redirect("/elsewhere")));
  root.subresource("/endless").setHandlerFor(
    _get.to(({ signal }) => {
      signal.addEventListener("abort", () => left.reach());
      return (async function* () {
        for (let count = 0; ; count++) {
          yield `${count}\n`;
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      })();
    }),
  );
  const service = root.intoService({ logger: { error: (report) => errors.push(report) }, ...options });
  return { service, left, errors };
}

/** What holds wherever a tree is mounted; `base` is the URL of the mount, `path` its path. */
export async function looksAround(base: string, path: string, isStripped: boolean) {
  const { origin } = new URL(base);
  const item = await fetch(`${base}/items/1/?q=1`);
  const slash = await fetch(`${base}/items/1?q=1`, { redirect: "manual" });
  const posted = await fetch(`${base}/json`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"a":1}',
  });
  const raw = await fetch(`${base}/raw`, { method: "POST", body: new Uint8Array(2_000_000) });
  const cookies = await fetch(`${base}/cookies`);
  const head = await fetch(`${base}/cookies`, { method: "HEAD" });
  const seen = {
    item: await item.json(),
    slash: [slash.status, slash.headers.get("location")],
    json: [posted.status, await posted.json(), posted.headers.getSetCookie()],
    raw: (await raw.arrayBuffer()).byteLength,
    cookies: [cookies.headers.getSetCookie(), cookies.headers.get("x-own"), await cookies.text()],
    head: [head.status, head.headers.getSetCookie(), await head.text()],
  };
  const expected = {
    item: {
      id: "1",
      url: `${origin}${path}/items/1/?q=1`,
      mountPath: isStripped ? path : "",
      href: `${path}/items/7/`,
      peer: "127.0.0.1",
    },
    slash: [308, `${path}/items/1/?q=1`],
    json: [201, { body: { a: 1 } }, ["a=1"]],
    raw: 2_000_000,
    cookies: [["a=1", "b=2"], "1", "two"],
    head: [200, ["a=1", "b=2"], ""],
  };
  return { seen, expected };
}

/** Reads a little of a stream and goes away. */
export async function leave(url: string): Promise<void> {
  const abort = new AbortController();
  const answer = await fetch(url, { signal: abort.signal });
  await (answer.body as ReadableStream<Uint8Array>).getReader().read();
  abort.abort();
}
