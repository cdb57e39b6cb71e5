import { createReadStream } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import {
  _get,
  _requestReceiver,
  jsonLines,
  jsonStream,
  Resource,
  respond,
  type Service,
  withTrailers,
} from "argania";
import { CompressionLayer } from "argania/middleware";
import { EventStream } from "argania/sse";
import { describe, expect, test } from "vitest";
import { MemoryLogger, serve } from "../server/serve.ts";

/** As a query to a database that is not there. */
async function* failing(): AsyncGenerator<string> {
  await sleep(2);
  yield* [] as string[];
  throw new Error("no database");
}

async function* wrong(): AsyncGenerator<unknown> {
  await sleep(2);
  yield 7;
}

const ways: [string, () => object][] = [
  ["a generator", failing],
  ["a generator of what is no bytes", wrong],
  ["jsonStream", () => jsonStream(failing())],
  ["jsonLines", () => jsonLines(failing())],
  ["a declared length", () => respond({ "content-length": "3" }, failing())],
  ["trailers", () => withTrailers(failing(), { "x-sum": "3" })],
  ["a file that is not there", () => createReadStream("/there/is/no/such/file")],
];

function siteOf(answer: () => object) {
  const logger = new MemoryLogger();
  const service = new Resource("/").setHandlerFor(_get.to(answer)).intoService({ logger });
  return { logger, service };
}

async function everywhere(service: Service): Promise<Response[]> {
  const { port } = await serve(service);
  return [
    await fetch(`http://127.0.0.1:${port}/`),
    await service.fetch(new Request("http://localhost/")),
    await service.request("/"),
  ];
}

describe.each(ways)("a source that fails before its first chunk is a 500: %s", (_, answer) => {
  test("over a socket, in fetch and in process", async () => {
    const { service, logger } = siteOf(answer);
    for (const response of await everywhere(service)) {
      expect(response.status).toBe(500);
      expect(await response.json()).toMatchObject({ code: "ARGANIA_INTERNAL" });
    }
    expect(logger.reports.map(({ message }) => message)).toEqual(Array(3).fill("A request failed"));
  });
});

test("behind a layer that makes another body of it, too", async () => {
  const root = new Resource("/")
    .addLayerTo(_requestReceiver(new CompressionLayer()))
    .setHandlerFor(_get.to(() => jsonStream(failing())));
  for (const response of await everywhere(root.intoService({ logger: new MemoryLogger() }))) {
    expect(response.status).toBe(500);
  }
});

test("one that fails later breaks its response off", async () => {
  const { service, logger } = siteOf(async function* () {
    yield "first";
    yield* failing();
  });
  for (const response of await everywhere(service)) {
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  }
  expect(logger.reports.map(({ message }) => message)).toEqual(Array(3).fill("A response failed half-way"));
});

test("what comes late, and what is empty, arrives whole", async () => {
  const { service } = siteOf(async function* () {
    await sleep(2);
    yield "a";
    await sleep(2);
    yield new TextEncoder().encode("b");
  });
  for (const response of await everywhere(service)) {
    expect(await response.text()).toBe("ab");
  }
  for (const response of await everywhere(siteOf(() => jsonStream([])).service)) {
    expect(await response.text()).toBe("[]");
  }
  for (const response of await everywhere(siteOf(async function* () {}).service)) {
    expect([response.status, await response.text()]).toEqual([200, ""]);
  }
});

/** Gives nothing before the head has arrived. */
function gated() {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

const heads: [string, (opened: Promise<void>) => object, string][] = [
  [
    "an empty first chunk",
    async function* (opened) {
      yield "";
      await opened;
      yield "late";
    },
    "late",
  ],
  [
    "a web stream",
    (opened) =>
      new ReadableStream({
        async pull(controller) {
          await opened;
          controller.enqueue(new TextEncoder().encode("late"));
          controller.close();
        },
      }),
    "late",
  ],
  [
    "the web stream of a body",
    (opened) =>
      respond(
        { "content-type": "application/x-ndjson" },
        jsonLines(
          (async function* () {
            await opened;
            yield "late";
          })(),
        ).body,
      ),
    '"late"\n',
  ],
  [
    "events",
    (opened) =>
      new EventStream(
        (async function* () {
          await opened;
          yield { data: "late" };
        })(),
      ),
    "data:late\n\n",
  ],
  [
    "events that are made by hand",
    (opened) =>
      respond(
        { "content-type": "text/event-stream" },
        (async function* () {
          await opened;
          yield "data: late\n\n";
        })(),
      ),
    "data: late\n\n",
  ],
];

test.each(heads)("the head goes before the first chunk: %s", async (_, make, text) => {
  const ask: ((service: Service) => Response | Promise<Response>)[] = [
    async (service) => fetch(`http://127.0.0.1:${(await serve(service)).port}/`),
    (service) => service.fetch(new Request("http://localhost/")),
  ];
  for (const askFor of ask) {
    const gate = gated();
    const response = await askFor(siteOf(() => make(gate.opened)).service);
    expect(response.status).toBe(200);
    gate.open();
    expect(await response.text()).toBe(text);
  }
});

test("a source whose client goes away before its first chunk is let go of, and nobody is told", async () => {
  let isReleased = false;
  let begin = (): void => {};
  const hasBegun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const waiting = {
    next: () => {
      begin();
      return new Promise<never>(() => {});
    },
    return: async () => {
      isReleased = true;
      return { done: true as const, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  const { service, logger } = siteOf(() => waiting);
  const controller = new AbortController();
  const pending = service.fetch(new Request("http://localhost/", { signal: controller.signal }));
  await hasBegun;
  controller.abort();
  await pending;
  expect(isReleased).toBe(true);
  expect(logger.reports).toEqual([]);
});
