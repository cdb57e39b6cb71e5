import { once } from "node:events";
import { truncateSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkAlive, checkAnswer } from "./check-answer.ts";
import { BIG, type FilesApp, startFilesApp } from "./files-app.ts";
import { hostileCases } from "./hostile-case.ts";
import { parseResponses, sendRaw } from "./raw-client.ts";
import { forTargets, request } from "./requests.ts";

let app: FilesApp;

beforeAll(async () => {
  app = await startFilesApp();
});
afterAll(() => app.close());

const CLASSES = ["path-traversal", "ranges", "content-encoding", "caching"];
const all = hostileCases(CLASSES);
const ofFiles = all.filter(({ raw }) => raw?.includes("/static/") === true);

test("every case of these classes is run somewhere", () => {
  const others = all.filter((one) => !ofFiles.includes(one)).map(({ id }) => id);
  expect(ofFiles.length).toBeGreaterThanOrEqual(19);
  // K31 is below; R33 is sent to the generic app, in `redirects.test.ts`.
  expect(others).toEqual(["K31", "R33"]);
});

test.each(ofFiles.map((one) => [`${one.id}: ${one.title}`, one] as const))("%s", async (_, one) => {
  await checkAnswer(app, one.raw as string, one.expect);
});

test("the redirect to a directory has no lifetime of its own, as that of R33", async () => {
  writeFileSync(join(app.directory, "sub/index.html"), "sub");
  await checkAnswer(app, request("/static/sub?x=1"), {
    status: [308],
    header: { location: "^/static/sub/\\?x=1$" },
    headerAbsent: ["cache-control"],
    locationSafe: true,
  });
});

describe.each(["/static", "/packed"])("what is below %s and must not be sent", (mount) => {
  const refused = { bodyExcludes: ["OUTSIDE", "root:"], alive: true };
  const targets = [
    ...[
      "/.%65nv",
      "/%2eenv",
      "/sub/..%2f.env",
      "/sub%5c..%5c.env",
      "/..%5csecret.txt",
      "/%2e%2e%5csecret.txt",
    ],
    ...[
      "/..%c0%afsecret.txt",
      "/..%ef%bc%8fsecret.txt",
      "/%c0%ae%c0%ae/secret.txt",
      "/%u002e%u002e/secret.txt",
    ],
    ...["/...%2f...%2fsecret.txt", "/..;/secret.txt", "/sub/%2e%2e/%2e%2e/secret.txt", "/.%00./secret.txt"],
    ...[
      "/hello.txt%00.png",
      "/hello.txt%2500",
      "/hello.txt::$DATA",
      "/hello.txt:stream",
      "/C:/Windows/win.ini",
    ],
    ...["/hello.txt.", "/hello.txt..", "/hello.txt%20", "/hello.txt%20.", "/sub./in.txt", "/sub%20/in.txt"],
    ...["/%2fetc%2fpasswd", "//etc/passwd", "/etc/passwd", "/dir-out/secret.txt", "/link-out.txt", "/zero"],
    ...["/pipe", "/socket-left", "/named-like.txt", "/named-like.txt/", "/sub/in.txt/", "/hello.txt/."],
    ...["/CON", "/con.txt", "/NUL", "/aux.h", "/COM1", "/HELLO~1.TXT", "/HELLO.TXT", "/~", "/~root"],
    ...["/file:%2f%2f%2fetc%2fpasswd", "/%ff", "/%ED%A0%80", "/%F0%9F", "/sub/", "/files-beside/secret.txt"],
    ...[`/${"a/".repeat(3_000)}`, `/${"%61".repeat(256)}`, `/${"x".repeat(4_096)}`, `/${"é".repeat(200)}`],
    ...[
      "/hello.txt%0d%0aX: y",
      "/hello.txt%0a",
      "/hello.txt%09",
      "/%E2%80%AEtxt.olleh",
      "/.git/config",
      "/..",
      "/...",
    ],
  ];
  const utf8 = (target: string) => Buffer.from(target, "utf8").toString("latin1");

  test.each(
    forTargets(Object.fromEntries(targets.map((path) => [utf8(`${mount}${path}`), [400, 404]])), refused),
  )("%s", async (title, raw, expected) => {
    // The page of the folder, once another test has made it.
    const isFolder = title.endsWith("/sub/");
    await checkAnswer(app, raw, isFolder ? { ...expected, status: [200, 404] } : expected);
  });

  test("a FIFO, a device and a socket do not keep a thread waiting", async () => {
    const ask = () =>
      ["pipe", "zero", "socket-left"].map((name) => sendRaw(app, request(`${mount}/${name}`), 4_000));
    const answers = await Promise.all([...ask(), ...ask(), ...ask()]);
    expect(answers.map(({ bytes }) => parseResponses(bytes, false)[0]?.status)).toEqual(
      answers.map(() => 404),
    );
    await checkAlive(app);
  });
});

describe("ranges", () => {
  const cases: readonly (readonly [target: string, range: string, status: number, body?: string])[] = [
    ["/static/hello.txt", "bytes=0-0", 206, "h"],
    ["/static/hello.txt", "BYTES=0-0", 206, "h"],
    ["/static/hello.txt", "bytes=-999", 206, "hello"],
    ["/static/hello.txt", "bytes=3-99999999999999999999", 206, "lo"],
    ["/static/hello.txt", "bytes=0-", 206, "hello"],
    ["/static/hello.txt", "bytes= 1-2 ,", 206, "el"],
    ["/static/hello.txt", "bytes=-0", 416],
    ["/static/hello.txt", "bytes=5-", 416],
    ["/static/hello.txt", "bytes=99999999999999999999-", 416],
    ["/static/hello.txt", "bytes=9-,-0,7-8", 416],
    ["/static/hello.txt", "bytes=5-2", 200, "hello"],
    ["/static/hello.txt", "bytes=0-0,5-2", 200, "hello"],
    ["/static/hello.txt", "bytes=", 200, "hello"],
    ["/static/hello.txt", "bytes=-", 200, "hello"],
    ["/static/hello.txt", "bytes=a-b", 200, "hello"],
    ["/static/hello.txt", "bytes=0x1-2", 200, "hello"],
    ["/static/hello.txt", "bytes=1.5-2", 200, "hello"],
    ["/static/hello.txt", "bytes=--1", 200, "hello"],
    ["/static/hello.txt", "bytes=1-2-3", 200, "hello"],
    ["/static/hello.txt", "bytes 0-1", 200, "hello"],
    ["/static/hello.txt", "=0-1", 200, "hello"],
    ["/static/hello.txt", "", 200, "hello"],
    ["/static/hello.txt", "bytes=0-1,3-4", 200, "hello"],
    ["/static/hello.txt", `bytes=${"0-0,".repeat(3_000)}`, 200, "hello"],
    ["/static/hello.txt", `bytes=${" ".repeat(8_000)}x`, 200, "hello"],
    ["/static/hello.txt", `bytes=${",".repeat(8_000)}`, 200, "hello"],
    ["/static/empty.txt", "bytes=0-", 200, ""],
    ["/static/empty.txt", "bytes=-1", 200, ""],
    ["/static/empty.txt", "bytes=5-6", 200, ""],
    ["/stream", "bytes=1-1", 206, "e"],
    ["/packed/text.txt", "bytes=0-3", 206, "text"],
  ];

  const titled = cases.map((one) => [`${one[0]} ${one[1].slice(0, 40)}: ${one[2]}`, one] as const);
  test.each(titled)("%s", async (_, [target, range, status, body]) => {
    await checkAnswer(app, request(target, [`Range: ${range}`, "Accept-Encoding: gzip"]), {
      status: [status],
      ...(body === undefined ? {} : { bodyEquals: body }),
      ...(status === 206 ? { headerAbsent: ["content-encoding"] } : {}),
      ...(status === 200 ? { headerAbsent: ["content-range"] } : {}),
    });
  });

  test("many small parts, in any order, cost no more than the file", async () => {
    const parts = Array.from(
      { length: 150 },
      (_, index) => `${(index * 7_919_113) % BIG}-${(index * 7_919_113) % BIG}`,
    );
    const response = await fetch(`http://127.0.0.1:${app.port}/static/big.bin`, {
      headers: { range: `bytes=${parts.join(",")}` },
    });
    await response.body?.cancel();
    expect([response.status, response.headers.get("content-length")]).toEqual([200, String(BIG)]);
  });

  test("two requests on one connection stay apart, whatever the first one was", async () => {
    for (const [method, headers] of [
      ["HEAD", []],
      ["GET", ["If-None-Match: *"]],
      ["GET", ["Range: bytes=1-2"]],
      ["GET", ["Range: bytes=9-"]],
      ["GET", ["If-Match: x"]],
    ] as const) {
      const first = `${method} /static/hello.txt HTTP/1.1\r\n${["Host: a", ...headers].join("\r\n")}\r\n\r\n`;
      const { bytes, isClosed } = await sendRaw(app, `${first}${request("/static/sub/in.txt")}`);
      const statusLines = bytes.toString("latin1").match(/HTTP\/1\.1 \d{3}/g);
      expect([method, headers, statusLines?.length, isClosed]).toEqual([method, headers, 2, true]);
      expect(bytes.toString("latin1").endsWith("\r\n\r\nin")).toBe(true);
    }
  });
});

test("K31: a file that becomes shorter while it is sent ends the connection, and nothing else", async () => {
  app.reports.length = 0;
  const path = join(app.directory, "shrinking.bin");
  writeFileSync(path, Buffer.alloc(BIG, "a"));
  const socket = connect(app.port, app.host);
  socket.write("GET /static/shrinking.bin HTTP/1.1\r\nHost: a\r\n\r\n");
  const [head] = (await once(socket, "data")) as [Buffer];
  // What the system holds for a client that does not read is far less than the file.
  socket.pause();
  truncateSync(path, 1_000_000);
  const isOther = (byte: number) => byte !== 97;
  let received = head.length;
  let others = head.subarray(head.indexOf("\r\n\r\n") + 4).filter(isOther).length;
  socket.on("data", (chunk: Buffer) => {
    received += chunk.length;
    others += chunk.filter(isOther).length;
  });
  socket.on("error", () => {});
  socket.resume();
  await new Promise((resolve) => socket.once("close", resolve));
  expect(head.toString("latin1")).toContain(`content-length: ${BIG}`);
  expect(received).toBeLessThan(BIG);
  expect(others).toBe(0);
  expect(app.reports.map(({ err }) => (err as { code?: string }).code)).toEqual(["ARGANIA_FILE_CHANGED"]);
  await checkAlive(app);
});
