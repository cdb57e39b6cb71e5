import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { _post, json, Resource, Server, type ServerHandle, type Service } from "argania";
import { multipartBody } from "argania/multipart";
import { FormData as UndiciFormData, fetch as undiciFetch } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { announceSkipped, curlVersion } from "../examples/find-program.ts";
import { testTls } from "../server/serve.ts";

const version = curlVersion();
const hasCurl = version !== "";
if (!hasCurl) {
  announceSkipped("tests of forms with curl are", "there is no curl.");
}
const execute = promisify(execFile);

/** Tells of each part what it is, and of its bytes a hash. */
function app(): Service {
  const root = new Resource("/");
  const upload = multipartBody({ bodyLimit: 20_000_000, fieldLimit: 20_000_000 });
  root.setHandlerFor(
    _post.to([upload], async (form) => {
      const parts: unknown[] = [];
      for await (const part of form) {
        const hash = createHash("sha256");
        for await (const chunk of part.stream()) {
          hash.update(chunk);
        }
        parts.push([part.name, part.fileName ?? null, part.contentType, hash.digest("hex")]);
      }
      return json(parts);
    }),
  );
  return root.intoService();
}

const hashOf = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex");
const LARGE = Buffer.alloc(3_000_000, "0123456789\r\n--abc");
// A percent-encoded quote of its own would come out as a quote: the HTML Standard encodes no percent sign.
const NAME = 'quote"percent%25back\\slash\u00e9\u65e5 end';

let service: Service;
let plain: ServerHandle;
let secure: ServerHandle;
let folder: string;

beforeAll(async () => {
  service = app();
  plain = await new Server().withHttp2().serve(service, "127.0.0.1:0");
  secure = await new Server().withHttp2().withTls(testTls()).serve(service, "127.0.0.1:0");
  folder = mkdtempSync(join(tmpdir(), "argania-clients-"));
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await Promise.all([plain.close(), secure.close()]);
});

function fill<Form extends Pick<FormData, "append">>(form: Form): Form {
  form.append("text", "a\r\nb\u00e9");
  form.append(NAME, "");
  form.append("file", new File([LARGE], NAME, { type: "image/png" }));
  form.append("file", new Blob(["x"]));
  form.append("", "no name");
  return form;
}

/** What `fill` comes out as: a path is cut off, and nothing else is changed. */
const FILLED = [
  ["text", null, "text/plain", hashOf("a\r\nb\u00e9")],
  [NAME, null, "text/plain", hashOf("")],
  ["file", "slash\u00e9\u65e5 end", "image/png", hashOf(LARGE)],
  ["file", "blob", "application/octet-stream", hashOf("x")],
  ["", null, "text/plain", hashOf("no name")],
];

describe("FormData", () => {
  test("of Node's fetch, over HTTP/1.1", async () => {
    const response = await fetch(plain.url, { method: "POST", body: fill(new FormData()) });
    expect(await response.json()).toEqual(FILLED);
  });

  test("of undici, over HTTP/1.1", async () => {
    const response = await undiciFetch(plain.url, {
      method: "POST",
      body: fill(new UndiciFormData() as never),
    });
    expect(await response.json()).toEqual(FILLED);
  });

  test("as a fetch runtime hands it over", async () => {
    const request = new Request("http://localhost/", { method: "POST", body: fill(new FormData()) });
    expect(await (await service.fetch(request)).json()).toEqual(FILLED);
    const response = await service.request("/", { method: "POST", body: fill(new FormData()) });
    expect(await response.json()).toEqual(FILLED);
  });

  test("without an entry", async () => {
    const response = await fetch(plain.url, { method: "POST", body: new FormData() });
    expect(await response.json()).toEqual([]);
  });

  test.each([
    ["h2c", () => plain],
    ["h2", () => secure],
  ])("over %s", async (_title, server) => {
    const request = new Request("http://localhost/", { method: "POST", body: fill(new FormData()) });
    const session = connect(server().url, { rejectUnauthorized: false });
    const contentType = request.headers.get("content-type") as string;
    const stream = session.request({ ":method": "POST", ":path": "/", "content-type": contentType });
    for await (const chunk of request.body as ReadableStream<Uint8Array>) {
      if (!stream.write(chunk)) {
        await new Promise((resolve) => stream.once("drain", resolve));
      }
    }
    stream.end();
    let text = "";
    for await (const chunk of stream.setEncoding("utf8")) {
      text += chunk;
    }
    session.close();
    expect(JSON.parse(text)).toEqual(FILLED);
  });
});

describe.skipIf(!hasCurl)("curl -F", () => {
  test.each([
    ["HTTP/1.1", "--http1.1", () => plain],
    ["h2c", "--http2-prior-knowledge", () => plain],
    ["h2 over TLS", "--http2", () => secure],
  ])("over %s", async (_title, option, server) => {
    const file = join(folder, 'me "and" you.bin');
    writeFileSync(file, LARGE);
    const escaped = file.replaceAll('"', '\\"');
    const fields = [
      "-F",
      "text=a b",
      "-F",
      `file=@"${escaped}";type=image/png`,
      "-F",
      'x"y=1',
      "-F",
      `file=@-;filename=in.txt`,
    ];
    const run = execute("curl", ["-sS", "-k", "-m", "20", option, "--noproxy", "*", ...fields, server().url]);
    run.child.stdin?.end("from stdin");
    const { stdout } = await run;
    const expected = [
      ["text", null, "text/plain", hashOf("a b")],
      ["file", 'me "and" you.bin', "image/png", hashOf(LARGE)],
      ['x"y', null, "text/plain", hashOf("1")],
      ["file", "in.txt", "text/plain", hashOf("from stdin")],
    ];
    expect(JSON.parse(stdout)).toEqual(expected);
    const withEscapes = await execute("curl", [
      "-sS",
      "-k",
      "-m",
      "20",
      option,
      "--noproxy",
      "*",
      "--form-escape",
      ...fields.slice(2, 6),
      server().url,
    ]);
    expect(JSON.parse(withEscapes.stdout)).toEqual(expected.slice(1, 3));
  });
});
