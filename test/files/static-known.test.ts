import { Agent, createServer, get, type Server as HttpServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { _requestReceiver, around, Resource, Server, type ServerHandle, type Service } from "argania";
import { StaticFiles, type StaticFilesOptions } from "argania/static";
import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { FoundNames } from "../../src/resource/static/found-names.ts";
import { PreparedHead } from "../../src/response/prepared-head.ts";
import { answer, serving } from "./serving.ts";
import { LAST_MODIFIED, tempFiles } from "./temp-files.ts";

let server: ServerHandle | undefined;
let plain: HttpServer | undefined;

beforeEach(() => {
  // Of what has just been changed nothing is kept.
  vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server?.close();
  plain?.close();
  server = undefined;
  plain = undefined;
});

/** The head of the answer as it comes over the socket, without what is of the time and of the server's settings. */
function headOf(port: number, lines: readonly string[], version = "1.1"): Promise<string[]> {
  return new Promise((resolve, reject) => {
    let text = "";
    const [first, ...others] = lines;
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(
        `${[`${first} HTTP/${version}`, "Host: a", "Connection: close", ...others].join("\r\n")}\r\n\r\n`,
      );
    });
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      text += chunk;
    });
    socket.on("error", reject).on("close", () => {
      const head = text.slice(0, text.indexOf("\r\n\r\n")).split("\r\n");
      if (head[0]?.includes(" 304 ")) {
        head.push(`body: ${text.slice(text.indexOf("\r\n\r\n") + 4)}`);
      }
      resolve(head.filter((line) => !line.startsWith("Date: ")));
    });
  });
}

async function ports(service: Service): Promise<readonly [own: number, plain: number]> {
  server = await new Server().serve(service, "127.0.0.1:0");
  const listening = createServer(service.nodeListener as never);
  plain = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  return [server.address.port, (listening.address() as AddressInfo).port];
}

async function known(service: Service): Promise<string> {
  const response = await service.request("/assets/a.txt");
  return response.headers.get("etag") ?? "";
}

const EARLIER = "Thu, 01 Jan 2026 00:00:00 GMT";

describe("a client that has a file in memory already", () => {
  it("gets a 304 with the headers that its copy is updated with", async () => {
    const service = serving(tempFiles({ "a.txt": "hello" }));
    const etag = await known(service);
    const response = await service.request("/assets/a.txt", { headers: { "if-none-match": etag } });
    expect([response.status, await response.text()]).toEqual([304, ""]);
    expect(Object.fromEntries(response.headers)).toEqual({
      "cache-control": "no-cache",
      etag,
      "last-modified": LAST_MODIFIED,
      "x-content-type-options": "nosniff",
    });
  });

  it.each([
    ["its tag", 304, (tag: string) => [`If-None-Match: ${tag}`]],
    ["its tag, made weak by a proxy", 304, (tag: string) => [`If-None-Match: W/${tag}`]],
    ["its tag among others", 304, (tag: string) => [`If-None-Match: "a,b", ${tag}`]],
    ["its tag in a second line", 304, (tag: string) => ['If-None-Match: "x"', `If-None-Match: ${tag}`]],
    ["any tag", 304, () => ["If-None-Match: *"]],
    [
      "another tag, and a date that would do",
      200,
      () => ['If-None-Match: "x"', `If-Modified-Since: ${LAST_MODIFIED}`],
    ],
    [
      "its tag, and a date that would not",
      304,
      (tag: string) => [`If-None-Match: ${tag}`, `If-Modified-Since: ${EARLIER}`],
    ],
    [
      "its tag, and a condition that holds",
      304,
      (tag: string) => [`If-None-Match: ${tag}`, `If-Match: ${tag}`],
    ],
    ["its tag, and a condition that fails", 412, (tag: string) => [`If-None-Match: ${tag}`, 'If-Match: "x"']],
    [
      "its tag, and a date it was to be older than",
      412,
      (tag: string) => [`If-None-Match: ${tag}`, `If-Unmodified-Since: ${EARLIER}`],
    ],
    ["its tag, and wants a part", 304, (tag: string) => [`If-None-Match: ${tag}`, "Range: bytes=0-1"]],
    ["a date", 304, () => [`If-Modified-Since: ${LAST_MODIFIED}`]],
  ])("and names %s gets a %i, the same head from any server", async (_, status, conditions) => {
    const service = serving(tempFiles({ "a.txt": "hello" }));
    const lines = conditions(await known(service));
    const [own, other] = await ports(service);
    for (const method of ["GET", "HEAD"]) {
      const request = [`${method} /assets/a.txt`, ...lines];
      const head = await headOf(own, request);
      expect(head[0]).toBe(
        `HTTP/1.1 ${status} ${{ 200: "OK", 304: "Not Modified", 412: "Precondition Failed" }[status]}`,
      );
      expect(head).toEqual(await headOf(other, request));
      expect(head).toEqual(await headOf(own, request));
    }
  });
});

describe("a 304 from memory", () => {
  const conditional = (etag: string) => ["GET /assets/a.txt", `If-None-Match: ${etag}`];

  it("is changed by layers and hooks as any other", async () => {
    const root = new Resource("/");
    const files = new StaticFiles("/assets", tempFiles({ "a.txt": "hello" })).intoResource();
    files.addLayerTo(
      _requestReceiver(
        around(async (context, next) => {
          context.beforeSend(({ headers }) => headers.set("x-hook", "h"));
          const response = await next();
          response.headers.set("x-layer", String(response.status));
          response.headers.delete("x-content-type-options");
          return response;
        }),
      ),
    );
    const service = root.addSubresource(files).intoService();
    const etag = await known(service);
    const [own] = await ports(service);
    for (let turn = 0; turn < 2; turn++) {
      const head = await headOf(own, conditional(etag));
      expect(head[0]).toBe("HTTP/1.1 304 Not Modified");
      expect(head).toEqual(expect.arrayContaining([`etag: ${etag}`, "x-layer: 304", "x-hook: h"]));
      expect(head.join()).not.toContain("nosniff");
    }
  });

  it("may be given another status", async () => {
    const root = new Resource("/");
    const files = new StaticFiles("/assets", tempFiles({ "a.txt": "hello" })).intoResource();
    files.addLayerTo(
      _requestReceiver(
        around(async (_, next) => {
          const response = await next();
          response.status = response.status === 304 ? 204 : response.status;
          return response;
        }),
      ),
    );
    const service = root.addSubresource(files).intoService();
    const [own] = await ports(service);
    expect((await headOf(own, conditional(await known(service))))[0]).toBe("HTTP/1.1 204 No Content");
  });

  it("is sent to HTTP/1.0 as by writeHead, and keeps the connection where it may", async () => {
    const service = serving(tempFiles({ "a.txt": "hello" }));
    const request = conditional(await known(service));
    const [own, other] = await ports(service);
    const head = await headOf(own, request, "1.0");
    expect(head).toEqual(await headOf(other, request, "1.0"));
    expect(head).toContain("Connection: close");
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const statuses: unknown[] = [];
    for (let turn = 0; turn < 3; turn++) {
      statuses.push(await statusOf(agent, own, { "if-none-match": await known(service) }));
    }
    agent.destroy();
    expect(statuses).toEqual([
      [304, "keep-alive", false],
      [304, "keep-alive", true],
      [304, "keep-alive", true],
    ]);
  });

  test.each([["two\r\nlines"], ["\0"]])("has no malformed headers: %j", (value) => {
    expect(() => new PreparedHead(304, "Not Modified", ["cache-control", value])).toThrow(TypeError);
  });
});

function statusOf(agent: Agent, port: number, headers: Record<string, string>): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const request = get({ agent, port, path: "/assets/a.txt", headers }, (response) => {
      response
        .resume()
        .on("end", () => resolve([response.statusCode, response.headers.connection, request.reusedSocket]));
    });
    request.on("error", reject);
  });
}

describe("paths of files in memory", () => {
  const twice = async (service: Service, path: string) => {
    const first = await answer(service, path);
    expect(await answer(service, path)).toEqual(first);
    expect(await answer(service, path)).toEqual(first);
    return first;
  };

  it("mean what they mean, however often they are asked for", async () => {
    const names = { "A.txt": "A", "%41.txt": "percent", "sub/index.html": "sub", "index.html": "root" };
    const service = serving(tempFiles(names));
    expect(await twice(service, "/assets/%41.txt")).toEqual([200, "A"]);
    expect(await twice(service, "/assets/%2541.txt")).toEqual([200, "percent"]);
    expect(await twice(service, "/assets/A.txt?b=%41")).toEqual([200, "A"]);
    expect(await twice(service, "/assets/")).toEqual([200, "root"]);
    expect(await twice(service, "/assets")).toEqual([308, "/assets/"]);
    expect(await twice(service, "/assets/sub/")).toEqual([200, "sub"]);
    expect(await twice(service, "/assets/sub")).toEqual([308, "/assets/sub/"]);
    expect((await twice(service, "/assets/sub//index.html"))[0]).toBe(404);
    expect((await twice(service, "/assets/A.txt/"))[0]).toBe(404);
  });

  it("are not open for a page whose own name is none to be asked for", async () => {
    const options: StaticFilesOptions = { index: ".page.html" };
    const service = serving(tempFiles({ ".page.html": "page" }), options);
    expect(await twice(service, "/assets/")).toEqual([200, "page"]);
    expect((await twice(service, "/assets/.page.html"))[0]).toBe(404);
  });

  test("are remembered up to a number", () => {
    const names = new FoundNames();
    for (let number = 0; number < 4_096; number++) {
      names.add(`/${number}`, String(number));
    }
    expect([names.get("/0"), names.get("/4095"), names.get("/x")]).toEqual(["0", "4095", undefined]);
    names.add("/new", "new");
    names.add(`/${"x".repeat(256)}`, "long");
    expect([names.get("/0"), names.get("/new"), names.get(`/${"x".repeat(256)}`)]).toEqual([
      undefined,
      "new",
      undefined,
    ]);
  });
});
