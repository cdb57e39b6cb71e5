import { connect } from "node:http2";
import { connect as connectTcp } from "node:net";
import {
  _requestReceiver,
  _wildcardMethod,
  around,
  type ErrorReport,
  Resource,
  ResponseError,
  Server,
} from "argania";
import { fetchHandler } from "argania/fetch";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import hostile from "../data/hostile.json" with { type: "json" };

const errors: ErrorReport[] = [];
const seen: string[] = [];
let port = 0;

/** An app in front of whose /admin a guard stands. */
beforeAll(async () => {
  const root = new Resource("/");
  const app = root.subresource("/x ?*").setHandlerFor(
    _wildcardMethod.to(
      fetchHandler(async (request) => {
        const { pathname } = new URL(request.url);
        seen.push(pathname);
        return new Response(`${request.method} ${pathname} ${(await request.text()).length}`);
      }),
    ),
  );
  app.subresource("/admin").addLayerTo(
    _requestReceiver(
      around(() => {
        throw new ResponseError(403);
      }),
    ),
  );
  const service = root.intoService({ logger: { error: (report) => errors.push(report) } });
  const { address, close } = await new Server().withHttp2().serve(service, "127.0.0.1:0");
  port = address.port;
  return () => close();
});

/** Sends bytes as they are; resolves with the status line's number, or 0 when nothing was answered. */
function raw(target: string, rest = ""): Promise<number> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connectTcp(port, "127.0.0.1", () => {
      socket.end(`GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${rest}\r\n`, "latin1");
    });
    socket.on("data", (data) => {
      answer += data;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0)));
  });
}

describe("no spelling leads around the guard", () => {
  test.each([
    "/x/admin",
    "/x/%61dmin",
    "/x/admin/",
    "/x/admin/deep/er",
    "/x//admin",
    "/x///admin/",
    "/x/a//../admin",
    "/x/./admin",
    "/x/a/../admin",
    "/x/a/%2e%2e/admin",
    "/x/\\admin",
    "/x/admin%00",
    "/x/%c0%afadmin",
    "/x/%zz/admin",
    "http://evil.example/x/admin",
  ])("%s", async (target) => {
    seen.length = 0;
    expect(await raw(target)).toBeGreaterThanOrEqual(400);
    expect(seen).toEqual([]);
  });

  test("nothing that attackers write makes an app fail, or see a path with dots or empty segments", async () => {
    seen.length = 0;
    errors.length = 0;
    const heads = hostile.flatMap(
      ({ raw: text }) => /^[A-Z]+ (\/\S{0,300}) HTTP/.exec(text ?? "")?.[1] ?? [],
    );
    const targets = [...new Set(heads)];
    expect(targets.length).toBeGreaterThan(20);
    for (const target of targets) {
      const status = await raw(`/x${target}`);
      expect([target, status === 0 || (status >= 200 && status < 500)]).toEqual([target, true]);
    }
    for (const path of seen) {
      expect(path).not.toMatch(/\/\/|\/\.{1,2}(?:\/|$)/);
    }
    expect(errors).toEqual([]);
  });
});

test("a method in lower case, which HTTP/2 lets through, is not taken for the one in upper case", async () => {
  const client = connect(`http://127.0.0.1:${port}`);
  onTestFinished(() => client.destroy());
  const ask = (method: string) =>
    new Promise<number>((resolve, reject) => {
      const stream = client.request({ ":method": method, ":path": "/x/a" });
      stream.on("response", (headers) => resolve(Number(headers[":status"])));
      stream.on("error", reject);
      stream.resume();
      stream.end();
    });
  expect([await ask("GET"), await ask("get"), await ask("Post"), await ask("LOCK")]).toEqual([
    200, 405, 405, 200,
  ]);
});

test("a client that breaks off in its body ends its request, and nothing else", async () => {
  errors.length = 0;
  const socket = connectTcp(port, "127.0.0.1");
  const before = seen.length;
  socket.write("POST /x/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\npart");
  await expect.poll(() => seen.length).toBe(before + 1);
  socket.destroy();
  expect(await raw("/x/a")).toBe(200);
  expect(errors).toEqual([]);
});
