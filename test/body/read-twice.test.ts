import {
  _post,
  _requestReceiver,
  around,
  BodyAlreadyReadError,
  type Extractor,
  jsonBody,
  type RequestContext,
  Resource,
} from "argania";
import { describe, expect, test } from "vitest";
import { RawClient, statuses } from "../server/raw-client.ts";
import { jsonApp } from "./json-app.ts";
import { serveBare } from "./serve-both.ts";

type Read = (context: RequestContext) => unknown;

const ARGS = { nodeExtension: undefined, handlerExtension: undefined };
const json: Read = (context) => jsonBody.extract(context, ARGS);

/** Reads one after the other, and what became of it, on Node and under `fetch`. */
function outcomes(...reads: Read[]): Promise<unknown[][]> {
  return outcomesAt("/", ...reads);
}

async function outcomesAt(path: string, ...reads: Read[]): Promise<unknown[][]> {
  const run = async (ask: (service: ReturnType<Resource["intoService"]>) => Promise<unknown>) => {
    const seen: unknown[] = [];
    const root = new Resource("/ *").setHandlerFor(
      _post.to(async (context) => {
        for (const read of reads) {
          try {
            seen.push(await read(context));
          } catch (error) {
            seen.push(error);
          }
        }
        return "done";
      }),
    );
    await ask(root.intoService());
    return seen;
  };
  const headers = { "content-type": "application/json" };
  const init = { method: "POST", headers, body: '{"a":1}' };
  return [
    await run(async (service) => {
      const { port } = await serveBare(service);
      expect(await (await fetch(`http://127.0.0.1:${port}${path}`, init)).text()).toBe("done");
    }),
    await run((service) => service.request(path, init)),
  ];
}

const VALUE = { a: 1 };
const alreadyRead = expect.objectContaining({
  code: "ARGANIA_BODY_ALREADY_READ",
  message: expect.stringMatching(/Read it once, and hand what was read on/),
});

const viaText: Read = ({ request }) => request.text();
const viaJson: Read = ({ request }) => request.json();
const viaBody: Read = async ({ body }) => {
  const { value } = (await body?.getReader().read()) ?? {};
  return value;
};
const untilEnd: Read = async ({ body }) => {
  let length = 0;
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
  }
  return length;
};
const cancelled: Read = ({ body }) => body?.cancel();
const looked: Read = ({ request, body }) => [request.method, body?.locked];

describe("a body is read once", () => {
  test("by extractors", async () => {
    for (const seen of await outcomes(json, json, json)) {
      expect(seen).toEqual([VALUE, alreadyRead, alreadyRead]);
      expect(seen[1]).toBeInstanceOf(BodyAlreadyReadError);
    }
  });

  test.each([
    ["context.request.text()", viaText, '{"a":1}'],
    ["context.request.json()", viaJson, VALUE],
    ["the first chunk of context.body", viaBody, new TextEncoder().encode('{"a":1}')],
    ["all chunks of context.body", untilEnd, 7],
    ["nobody, but cancelled", cancelled, undefined],
  ])("%s, then by an extractor", async (_, read, value) => {
    for (const [first, second] of await outcomes(read, json)) {
      expect(first).toEqual(value);
      expect(second).toEqual(alreadyRead);
    }
  });

  test.each([
    ["context.body, by chunk", viaBody],
    ["context.body, to its end", untilEnd],
    ["context.request.text()", viaText],
    ["context.request.json()", viaJson],
  ])("by an extractor, then through %s", async (_, read) => {
    for (const seen of await outcomes(json, read)) {
      expect(seen).toEqual([VALUE, alreadyRead]);
    }
  });

  test("but looking at context.request and context.body before is no reading", async () => {
    for (const seen of await outcomes(looked, json, viaText)) {
      expect(seen).toEqual([["POST", false], VALUE, alreadyRead]);
    }
    for (const seen of await outcomes(looked, json, untilEnd)) {
      expect(seen).toEqual([["POST", false], VALUE, alreadyRead]);
    }
  });

  test("looking at them afterwards is fine", async () => {
    const looks: Read = ({ request, body }) => [
      request.headers.get("content-type"),
      request.method,
      request.url.replace(/:\d+/, "").replace("127.0.0.1", "localhost"),
      body !== null,
    ];
    for (const path of ["/", "/?q=%61", "/%74here"]) {
      for (const seen of await outcomesAt(path, json, looks)) {
        const url = `http://localhost${path.replace("%74", "t")}`;
        expect(seen).toEqual([VALUE, ["application/json", "POST", url, true]]);
      }
    }
  });

  test("context.request stays the same one, before and after", async () => {
    const same: Read = (context) => {
      const { request } = context;
      return context.request === request;
    };
    for (const seen of await outcomes(same, json, same)) {
      expect(seen).toEqual([true, VALUE, true]);
    }
  });

  test("a client that goes away aborts the signal of a request that was taken afterwards", async () => {
    const gone = new AbortController();
    const seen: unknown[] = [];
    const root = new Resource("/").setHandlerFor(
      _post.to([jsonBody], (_, { request }) => {
        request.signal.addEventListener("abort", () => seen.push(request.signal.reason));
        gone.abort("gone");
        return "done";
      }),
    );
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: "1" };
    await root.intoService().fetch(new Request("http://localhost/", { ...init, signal: gone.signal }));
    expect(seen).toEqual(["gone"]);
  });

  test("while the first read is still under way, too", async () => {
    const twice: Extractor<unknown, object> = {
      extract: (context) => Promise.allSettled([0, 1].map(async () => jsonBody.extract(context, ARGS))),
    };
    const app = jsonApp(twice);
    const { port } = await serveBare(app.service);
    const client = (await RawClient.connect(port)).send(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1\r\nConnection: close\r\n\r\n",
    );
    setTimeout(() => client.send("1"), 10);
    await client.all();
    expect(app.values).toMatchObject([
      [
        { status: "fulfilled", value: 1 },
        { status: "rejected", reason: { code: "ARGANIA_BODY_ALREADY_READ" } },
      ],
    ]);
  });

  test("a layer that reads it leaves nothing to the handler, which is a 500 and reported", async () => {
    const app = jsonApp(jsonBody, (root) => {
      root.addLayerTo(
        _requestReceiver(
          around(async (context, next) => {
            await jsonBody.extract(context, ARGS);
            return next();
          }),
        ),
      );
    });
    const response = await app.service.request("/", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "1",
    });
    expect([response.status, await response.text()]).not.toContain("jsonBody");
    expect(response.status).toBe(500);
    expect(app.reports.map(({ err }) => err)).toEqual([alreadyRead]);
  });
});

describe("in front of the service", () => {
  const post = "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n";

  test.each([
    [
      "a body parser has read it all",
      async (request: AsyncIterable<unknown>) => {
        for await (const _ of request);
      },
    ],
    [
      "somebody has begun to read it",
      (request: NodeJS.ReadableStream) =>
        new Promise<void>((resolve) => {
          request.once("data", () => {
            request.pause();
            resolve();
          });
        }),
    ],
    [
      "somebody has had it decoded",
      (request: NodeJS.ReadableStream) => {
        request.setEncoding("utf8");
      },
    ],
  ])("%s: that is said, not waited for", async (_, before) => {
    const app = jsonApp(jsonBody);
    const { port } = await serveBare(app.service, before as never);
    const client = (await RawClient.connect(port)).send(`${post}Content-Length: 7\r\n\r\n{"a":1}`);
    expect(statuses(await client.all())).toEqual([500]);
    expect(app.reports).toMatchObject([
      {
        err: {
          code: "ARGANIA_BODY_ALREADY_READ",
          message: expect.stringMatching(/in front of body parsers/),
        },
      },
    ]);
  });

  test("a request that has been destroyed is not waited for", async () => {
    let outcome: unknown;
    const app = jsonApp({
      extract: async (context, args) => {
        outcome = await Promise.resolve()
          .then(() => jsonBody.extract(context, args))
          .catch((error: unknown) => error);
      },
    });
    const { port } = await serveBare(app.service, (request) => {
      request.destroy();
    });
    (await RawClient.connect(port)).send(`${post}Content-Length: 7\r\n\r\n{"a":1}`);
    await expect.poll(() => outcome).toMatchObject({ name: "AbortError" });
  });
});
