import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { _get, _post, type ErrorReport, json, Resource, Server, type ServerHandle } from "argania";
import { multipartBody } from "argania/multipart";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { RawClient, statuses } from "../server/raw-client.ts";
import { checkAlive, checkAnswer } from "./check-answer.ts";
import { type Expectation, hostileCases } from "./hostile-case.ts";
import { parseResponses, sendRaw, type Target } from "./raw-client.ts";

const reports: ErrorReport[] = [];
let server: ServerHandle;
let target: Target;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "argania-hostile-"));
  let files = 0;
  const root = new Resource("/");
  root.setHandlerFor(_get.to(() => "root"));
  root.subresource("/upload").setHandlerFor(
    _post.to([multipartBody], async (form) => {
      const parts: unknown[] = [];
      for await (const part of form) {
        const { name, fileName = null } = part;
        const content = fileName === null ? part.text() : part.saveTo(join(folder, `${files++}`));
        parts.push([name, fileName, await content]);
      }
      return json(parts);
    }),
  );
  root
    .subresource("/large-headers")
    .setHandlerFor(
      _post.to([multipartBody({ headerBytes: 1_000_000 })], async (form) => json(await form.toObject())),
    );
  root
    .subresource("/fields")
    .setHandlerFor(_post.to([multipartBody], async (form) => json(await form.toObject())));
  const logger = { error: (report: ErrorReport) => void reports.push(report) };
  server = await new Server().withLogger(logger).serve(root.intoService({ logger }), "127.0.0.1:0");
  target = { host: server.address.host, port: server.address.port };
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  reports.length = 0;
});

const head = (length: number | string, boundary = "XX", path = "/upload") =>
  `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=${boundary}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`;
const post = (body: string, boundary?: string, path?: string) => head(body.length, boundary, path) + body;
const part = (disposition: string, body = "1", ...headers: string[]) =>
  `--XX\r\n${[`Content-Disposition: form-data; ${disposition}`, ...headers].join("\r\n")}\r\n\r\n${body}\r\n`;
const END = "--XX--\r\n";

/** J01: two fields and a file. */
const FORM = `${part('name="a"')}${part('name="f"; filename="x.txt"', "\r\n--X\r\n-", "Content-Type: text/plain")}${part('name="b"', "2")}${END}`;
const FORM_PARTS = JSON.stringify([
  ["a", null, "1"],
  ["f", "x.txt", 8],
  ["b", null, "2"],
]);

describe("multipart", () => {
  const raw = hostileCases(["multipart"]).filter((one) => one.raw !== undefined);
  test.each(raw.map((one) => [one.id, one.title, one] as const))("%s %s", async (_id, _title, one) => {
    await checkAnswer(target, one.raw ?? "", one.expect);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(reports).toEqual([]);
  });

  test("no case of this class is left out", () => {
    const steps = hostileCases(["multipart"]).filter((one) => one.raw === undefined);
    expect(steps.map(({ id }) => id)).toEqual(["J16"]);
  });
});

describe("J16: the boundary over every TCP byte", () => {
  test("one byte per segment", async () => {
    const client = await RawClient.connect(target.port);
    client.socket.setNoDelay(true);
    for (const byte of post(FORM)) {
      await new Promise((resolve) => client.socket.write(Buffer.from(byte, "latin1"), resolve));
    }
    const [answer] = parseResponses(Buffer.from(await client.all(), "latin1"), false);
    expect(answer).toMatchObject({ status: 200, body: FORM_PARTS });
  });

  test("two segments, cut at each byte", async () => {
    for (let cut = 1; cut < FORM.length; cut++) {
      const client = await RawClient.connect(target.port);
      client.socket.setNoDelay(true);
      client.send(head(FORM.length) + FORM.slice(0, cut));
      await new Promise(setImmediate);
      client.send(FORM.slice(cut));
      const [answer] = parseResponses(Buffer.from(await client.all(), "latin1"), false);
      expect([cut, answer?.status, answer?.body]).toEqual([cut, 200, FORM_PARTS]);
    }
  });
});

describe("more forms", () => {
  const chunkedHead = head(0).replace("Content-Length: 0", "Transfer-Encoding: chunked");
  test.each<[string, string, Expectation]>([
    ["a valid form", post(FORM), { status: [200], bodyEquals: FORM_PARTS }],
    ["a boundary of 1 MB in the header", head(0, `{{rep:x:1000000}}`), { status: [0, 400, 431] }],
    ["a boundary of 257 characters", post(FORM, "x".repeat(257)), { status: [400] }],
    ["a boundary that is a regex", post(FORM.replaceAll("XX", "(a+)+"), '"(a+)+"'), { status: [200, 400] }],
    ["a boundary with a line break", head(1, '"a\\\r\n b"'), { status: [400] }],
    [
      "10,000 parts",
      post(`${part('name="a"', "").repeat(10_000)}${END}`),
      { status: [413], bodyIncludes: ["part-count"] },
    ],
    [
      "1,001 files without a name",
      post(`${part('name="a"; filename=""', "").repeat(1_001)}${END}`),
      { status: [413] },
    ],
    [
      "100,000 empty parts without headers",
      post(`${"--XX\r\n\r\n\r\n".repeat(100_000)}${END}`),
      { status: [400] },
    ],
    ["a million boundaries", post(`${"--XX\r\n".repeat(1_000_000)}${END}`), { status: [400, 413] }],
    [
      "8 MB of almost boundaries",
      post(`${part('name="a"; filename="f"', "\r\n--X".repeat(1_600_000))}${END}`),
      { status: [200] },
    ],
    [
      "8 MB of line breaks before the first boundary",
      post(`${"\r\n".repeat(4_000_000)}${FORM}`),
      { status: [200] },
    ],
    [
      "8 MB after the last boundary",
      post(FORM + "x".repeat(8_000_000)),
      { status: [200], bodyEquals: FORM_PARTS },
    ],
    ["a field of 2 MB", post(`${part('name="a"', "x".repeat(2_000_000))}${END}`), { status: [413] }],
    [
      "a file name with a path",
      post(`${part('name="f"; filename="../../../etc/cron.d/x"')}${END}`),
      { status: [200], bodyIncludes: ['"x"'] },
    ],
    ["a file name with NUL", post(`${part('name="f"; filename="a.php\0.png"')}${END}`), { status: [400] }],
    ["a file name with a line break", post(`${part('name="f"; filename="a\nb"')}${END}`), { status: [400] }],
    [
      "a file name of 15 KB",
      post(`${part(`name="f"; filename="${"x".repeat(15_000)}"`)}${END}`),
      { status: [200] },
    ],
    [
      "a file name of 17 KB",
      post(`${part(`name="f"; filename="${"x".repeat(17_000)}"`)}${END}`),
      { status: [413] },
    ],
    ["quotes that never end", post(`${part(`name="${'\\"'.repeat(7_000)}x`)}${END}`), { status: [400] }],
    // Of two runs of blanks that touch, each length of the first would be tried with each of the second: for minutes.
    [
      "blanks before a quote that never ends",
      post(`${part(`${" ".repeat(300_000)}"x`)}${END}`, "XX", "/large-headers"),
      { status: [400] },
    ],
    ["5,000 parameters", post(`${part(`name="a"${"; x".repeat(5_000)}`)}${END}`), { status: [400] }],
    [
      "a header that hides behind a malformed line",
      post(`${part('name="a"', "1", "bad line", 'Content-Disposition: form-data; name="b"')}${END}`),
      { status: [400] },
    ],
    [
      "a header cut off by its limit",
      post(`${part('name="a"', "1", `X: ${"y".repeat(16_350)}`, "Content-Type: text/html")}${END}`),
      { status: [413] },
    ],
    [
      "16 KB of folded lines",
      post(`${part(`name="a"${"\r\n ".repeat(5_000)}`)}${END}`),
      { status: [200, 400] },
    ],
    [
      "a part in base64",
      post(`${part('name="f"; filename="x"', "aGk=", "Content-Transfer-Encoding: base64")}${END}`),
      { status: [415] },
    ],
    [
      "a nested multipart",
      post(
        `${part('name="f"', "--YY\r\n\r\nx\r\n--YY--", "Content-Type: multipart/mixed; boundary=YY")}${END}`,
      ),
      { status: [200] },
    ],
    [
      "two closing boundaries",
      post(`${part('name="a"')}${END}${part('name="b"')}${END}`),
      { status: [200], bodyEquals: '[["a",null,"1"]]' },
    ],
    ["a boundary that goes on", post(`${part('name="a"', "1\r\n--XXY: z\r\nq")}${END}`), { status: [400] }],
    ["a closing boundary alone", post(END), { status: [200], bodyEquals: "[]" }],
    ["half a closing boundary", post(`${part('name="a"')}--XX-`), { status: [400] }],
    ["no body", head(0), { status: [400] }],
    [
      "names of prototypes as an object",
      post(`${part('name="constructor"')}${part('name="prototype"')}${END}`, "XX", "/fields"),
      { status: [200] },
    ],
    [
      "__proto__ as an object",
      post(`${part('name="__proto__"')}${part('name="__proto__"')}${END}`, "XX", "/fields"),
      { status: [400] },
    ],
    ["a body shorter than it says", `${chunkedHead}ffffff\r\n${FORM}`, { status: [0, 408] }],
    ["chunks that are none", `${chunkedHead}zz\r\n`, { status: [0, 400] }],
  ])("%s", async (_title, raw, expected) => {
    await checkAnswer(target, raw, { alive: true, ...expected });
    expect(reports).toEqual([]);
  });

  test("clients that go away at any point of a form harm nobody and leave no file", async () => {
    const before = readdirSync(folder).length;
    const whole = post(FORM.replace("\r\n--X\r\n-", "x".repeat(2_000)).slice(0, -END.length));
    const cuts = Array.from({ length: Math.floor(whole.length / 40) }, (_, index) =>
      whole.slice(0, index * 40),
    );
    await Promise.all(cuts.map((bytes) => sendRaw(target, bytes, 50)));
    await checkAlive(target);
    await expect.poll(() => readdirSync(folder).length).toBe(before);
    expect(reports).toEqual([]);
  });

  test("a client that sends nothing more is not waited for after the server has answered", async () => {
    const client = await RawClient.connect(target.port);
    client.send(head(1_000_000) + part("filename=x"));
    expect(statuses(await client.all())).toEqual([400]);
  });
});
