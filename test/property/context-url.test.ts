import { _get, _post, json, Resource, type Service } from "argania";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseTarget } from "./model.ts";
import { encodeWith, encodings } from "./requests.ts";

/** Answers everything with what a handler sees of the request. */
function mirror(): Service {
  const root = new Resource("/ *");
  root.setHandlerFor(
    _get.to((context) => {
      const { host, path, segments, url } = context;
      return json({
        host,
        path,
        segments,
        urlPath: url.pathname,
        urlHost: url.hostname,
        href: context.request.url,
      });
    }),
  );
  return root.intoService({ logger: { error: () => {} } });
}

interface Seen {
  readonly host: string;
  readonly path: string;
  readonly segments: readonly string[];
  readonly urlPath: string;
  readonly urlHost: string;
  /** Of the web-standard request, which a layer may look at as well. */
  readonly href: string;
}

const service = mirror();

test("the path that layers see, the URL and the segments say the same", async () => {
  const pieces = [
    "/",
    "a",
    ".",
    "%2e",
    "%2F",
    "%5c",
    "%25",
    "%",
    "é",
    "😀",
    " ",
    "'",
    "|",
    "[",
    ";",
    "=",
    "@",
    ":",
    "?",
  ];
  const targets = fc.string({ unit: fc.constantFrom(...pieces), maxLength: 10 }).map((text) => `/${text}`);
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(targets, async (target) => {
      const response = await service.request(target);
      const path = parseTarget(target);
      expect(response.status).toBe(path === null ? 400 : 200);
      if (path !== null) {
        answered++;
        const seen = (await response.json()) as Seen;
        expect(seen.segments).toEqual(path.segments);
        expect(seen.urlPath).toBe(seen.path);
        expect(parseTarget(seen.path)).toEqual({ ...path, search: "" });
        expect(new URL(seen.href).pathname).toBe(seen.path);
        // The same path sent once more is the same path.
        expect(((await (await service.request(seen.path)).json()) as Seen).path).toBe(seen.path);
      }
    }),
    { numRuns: 500 },
  );
  expect(answered).toBeGreaterThan(100);
});

test("a host that is accepted makes a URL of the same host", async () => {
  const pieces = [
    "a",
    "B",
    "1",
    "0x",
    "256",
    "xn--",
    "-",
    "_",
    ".",
    ":",
    "[",
    "]",
    "::",
    "80",
    "@",
    "%",
    "/",
    " ",
    ",",
  ];
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: fc.constantFrom(...pieces), minLength: 1, maxLength: 7 }),
      async (text) => {
        const host = text.trim();
        const response = await service.request("/", { headers: { host } });
        expect([host, response.status]).toEqual([host, expect.toBeOneOf([200, 400])]);
        if (response.status === 200) {
          accepted++;
          const seen = (await response.json()) as Seen;
          expect(seen.host).toBe(seen.urlHost.replace(/\.$/, ""));
        }
      },
    ),
    { numRuns: 1_000 },
  );
  expect(accepted).toBeGreaterThan(30);
});

test("on a fetch runtime the request has the same URL and the same body", async () => {
  const root = new Resource("/");
  root.subresource("/admin/{name}").setHandlerFor(
    _post.to(async (context) => {
      const { request, path, url } = context;
      expect(request.url).toBe(url.href);
      expect(request.body).toBe(context.body);
      return json({ path, method: request.method, body: await request.text(), used: request.bodyUsed });
    }),
  );
  const { fetch } = root.intoService();
  const targets = fc.tuple(encodings, encodings).map(([one, other]) => {
    return `/${encodeWith("admin", one)}/${encodeWith("a b/c.é", other)}`;
  });
  await fc.assert(
    fc.asyncProperty(targets, async (target) => {
      const init = { method: "POST", body: "content", headers: { "content-type": "text/plain" } };
      const response = await fetch(new Request(`http://localhost${target}`, init));
      const expected = { path: "/admin/a%20b%2Fc.%C3%A9", method: "POST", body: "content", used: true };
      expect(await response.json()).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});
