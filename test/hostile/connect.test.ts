import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { _get, _requestReceiver, _wildcardMethod, around, Resource, ResponseError, Server } from "argania";
import { connectHandler, connectLayer } from "argania/connect";
import express from "express";
import serveStatic from "serve-static";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkAlive, checkAnswer } from "./check-answer.ts";
import { hostileCases } from "./hostile-case.ts";
import type { Target } from "./raw-client.ts";
import { forTargets, request } from "./requests.ts";

const folder = mkdtempSync(join(tmpdir(), "argania-hostile-connect-"));
let app: Target & { close(): Promise<void> };

beforeAll(async () => {
  mkdirSync(join(folder, "files/private"), { recursive: true });
  mkdirSync(join(folder, "files/sub"));
  writeFileSync(join(folder, "secret.txt"), "OUTSIDE");
  writeFileSync(join(folder, "files/.env"), "OUTSIDE-DOT");
  writeFileSync(join(folder, "files/hello.txt"), "hello");
  writeFileSync(join(folder, "files/sub/in.txt"), "in");
  writeFileSync(join(folder, "files/private/x.txt"), "GUARDED");

  const root = new Resource("/");
  root.setHandlerFor(_get.to(() => "root"));
  const files = serveStatic(join(folder, "files"));
  const guard = around(() => {
    throw new ResponseError(401);
  });
  const legacy = express();
  legacy.use("/files", files);
  legacy.get(
    "/echo",
    (incoming, response) => void response.set("x-echo", String(incoming.query.value)).send("echo"),
  );
  legacy.get("/go", (incoming, response) => response.redirect(String(incoming.query.to)));
  const handlers = {
    "/static ?*": _wildcardMethod.to(connectHandler(files)),
    "/layered ?*": _wildcardMethod.to(() => 404).wrappedIn(connectLayer(files)),
  };
  for (const [pattern, handler] of Object.entries(handlers)) {
    const resource = root.subresource(pattern);
    resource.setHandlerFor(handler);
    resource.subresource("/private").addLayerTo(_requestReceiver(guard));
  }
  const app2 = root.subresource("/legacy ?*");
  app2.setHandlerFor(_wildcardMethod.to(connectHandler(legacy)));
  app2.subresource("/files/private").addLayerTo(_requestReceiver(guard));
  const service = root.intoService({ logger: { error() {} } });
  const handle = await new Server().serve(service, "127.0.0.1:0");
  app = {
    host: "127.0.0.1",
    port: handle.address.port,
    close: async () => {
      handle.close();
      await handle.closed;
    },
  };
});

afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

// serve-static follows links, and leaves methods and types to whoever is behind it.
const OTHERS_TO_DECIDE = ["A11", "A23", "A25"];
const traversals = hostileCases(["path-traversal"]).filter(({ id }) => !OTHERS_TO_DECIDE.includes(id));

describe.each(["/static/", "/layered/", "/legacy/files/"])("files of others below %s", (mount) => {
  test.each(traversals.map((one) => [`${one.id}: ${one.title}`, one] as const))("%s", async (_, one) => {
    await checkAnswer(app, (one.raw as string).replace("/static/", mount), one.expect);
  });

  const guarded = [
    ...["private/x.txt", "private//x.txt", "/private/x.txt", "//private/x.txt", "%70rivate/x.txt"],
    ...["private%2Fx.txt", "private%2fx.txt", "private%5Cx.txt", "private%252Fx.txt", "%2Fprivate%2Fx.txt"],
    ...["sub/../private/x.txt", "sub/%2e%2e/private/x.txt", "sub%2F..%2Fprivate%2Fx.txt", "./private/x.txt"],
    ...[
      "%2e/private/x.txt",
      ".%2Fprivate%2Fx.txt",
      "private/./x.txt",
      "private/%2e/x.txt",
      "private;a/x.txt",
    ],
    ...[
      "private%00/x.txt",
      "private\\x.txt",
      "private%EF%BC%8Fx.txt",
      "private%C0%AFx.txt",
      "private/x.txt/",
    ],
  ].map((path) => mount + path);

  test.each(
    forTargets(Object.fromEntries(guarded.map((path) => [path, [400, 401, 403, 404]])), {
      bodyExcludes: ["GUARDED", "OUTSIDE"],
    }),
  )("no way around a guard: %s", async (_, raw, expected) => {
    await checkAnswer(app, raw, expected);
  });

  test("what may be seen is seen", async () => {
    await checkAnswer(app, request(`${mount}sub/in.txt`), { status: [200], bodyEquals: "in" });
  });
});

describe("an app of others", () => {
  test.each(["a%0d%0aset-cookie:%20b=1", "%00", "%E4%BD%A0"])(
    "cannot be made to split its response: %s",
    async (value) => {
      await checkAnswer(app, request(`/legacy/echo?value=${value}`), {
        status: [200, 500],
        headerAbsent: ["set-cookie"],
        responses: 1,
      });
      await checkAnswer(app, request(`/legacy/go?to=${value}`), {
        status: [302, 500],
        headerAbsent: ["set-cookie"],
        responses: 1,
      });
      await checkAlive(app);
    },
  );

  test("does not see a body that its head does not announce as another request", async () => {
    const hidden = "GET /legacy/echo?value=hidden HTTP/1.1\r\nHost: a\r\n\r\n";
    const raw = `POST /legacy/none HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`;
    await checkAnswer(app, raw, { status: [404], responses: 1, bodyExcludes: ["echo"] });
    expect(hidden).toContain("hidden");
  });
});
