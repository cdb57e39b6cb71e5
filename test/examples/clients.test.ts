import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { Server, type ServerHandle } from "argania";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleSite } from "./example-site.ts";
import { announceSkipped, curlVersion } from "./find-program.ts";

const version = curlVersion();
const hasCurl = version !== "";
const hasHttp2 = /\bHTTP2\b/.test(version);
if (!hasCurl || !hasHttp2) {
  announceSkipped("tests with curl are", hasCurl ? "this curl knows no HTTP/2." : "there is no curl.");
}

const readFixture = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));
const execute = promisify(execFile);

let plain: ServerHandle;
let secure: ServerHandle;

beforeAll(async () => {
  const tls = { cert: readFixture("cert.pem"), key: readFixture("key.pem") };
  plain = await new Server().withHttp2().serve(await exampleSite(), "127.0.0.1:0");
  secure = await new Server()
    .withHttp2()
    .withTls(tls)
    .serve(await exampleSite(), "127.0.0.1:0");
});

afterAll(async () => {
  await Promise.all([plain.close(), secure.close()]);
});

interface Answer {
  readonly version: string;
  readonly status: number;
  readonly type: string;
  /** Where a redirect leads, as curl understands it. */
  readonly target: string;
  readonly body: string;
}

/** What curl gets; it is told where each host is, so that its age does not matter. */
async function curl(server: ServerHandle, host: string, path: string, ...options: string[]): Promise<Answer> {
  const { port } = server.address;
  const written = "\n%{http_version} %{http_code} %{redirect_url} %{content_type}";
  const place = ["--resolve", `${host}:${port}:127.0.0.1`, "--noproxy", "*"];
  const scheme = server === secure ? "https" : "http";
  const url = `${scheme}://${host}:${port}${path}`;
  const { stdout } = await execute("curl", [
    "-sS",
    "-m",
    "15",
    "-k",
    "-w",
    written,
    ...place,
    ...options,
    url,
  ]);
  const end = stdout.lastIndexOf("\n");
  const [version = "", status, target = "", ...type] = stdout.slice(end + 1).split(" ");
  return { version, status: Number(status), target, type: type.join(" "), body: stdout.slice(0, end) };
}

const kinds = [
  { name: "HTTP/1.1", server: () => plain, options: ["--http1.1"], version: "1.1", runs: hasCurl },
  { name: "h2c", server: () => plain, options: ["--http2-prior-knowledge"], version: "2", runs: hasHttp2 },
  { name: "HTTP/1.1 over TLS", server: () => secure, options: ["--http1.1"], version: "1.1", runs: hasCurl },
  { name: "h2 over TLS", server: () => secure, options: ["--http2"], version: "2", runs: hasHttp2 },
];

for (const { name, server, options, version, runs } of kinds) {
  describe.skipIf(!runs)(`curl with ${name}`, () => {
    it("finds each host and its errors", async () => {
      const books = await curl(server(), "api.localhost", "/books?search=walden", ...options);
      expect(books).toMatchObject({ version, status: 200, type: "application/json" });
      expect(JSON.parse(books.body)).toMatchObject([{ id: 2 }]);
      expect(await curl(server(), "acme.localhost", "/hello/you", ...options)).toMatchObject({
        status: 200,
        body: "Welcome, you.\n",
      });
      expect(await curl(server(), "localhost", "/api/nowhere", ...options)).toMatchObject({
        status: 404,
        type: "application/problem+json",
      });
    });

    it("sends bodies, and gets HEAD and 204 without one", async () => {
      const body = JSON.stringify({ title: "Emma", author: "Jane Austen", year: 1815 });
      const send = ["-H", "content-type: application/json", "-d", body];
      const added = await curl(server(), "api.localhost", "/books", ...options, ...send);
      expect(added).toMatchObject({ version, status: 201 });
      const { id } = JSON.parse(added.body) as { id: number };
      const removed = await curl(server(), "api.localhost", `/books/${id}`, ...options, "-X", "DELETE");
      expect(removed).toMatchObject({ version, status: 204, body: "" });
      const head = await curl(server(), "localhost", "/app", ...options, "-I");
      expect(head.body).toMatch(/content-length: [1-9]/i);
      expect(head).toMatchObject({ version, status: 200 });
    });

    it("is told that a body is too long", async () => {
      const send = ["-H", "content-type: application/json", "-d", " ".repeat(30_000)];
      const refused = await curl(server(), "api.localhost", "/books", ...options, ...send);
      expect(refused).toMatchObject({ version, status: 413 });
    });

    // In two steps, since curl 7.88 cannot use a connection with prior knowledge of HTTP/2 twice.
    it("is redirected for a slash, once", async () => {
      const redirected = await curl(server(), "api.localhost", "/books/?search=walden", ...options);
      expect(redirected).toMatchObject({ version, status: 308 });
      const { hostname, pathname, search } = new URL(redirected.target);
      expect(hostname + pathname).toBe("api.localhost/books");
      const followed = await curl(server(), hostname, pathname + search, ...options);
      expect(followed).toMatchObject({ version, status: 200, target: "" });
      expect(JSON.parse(followed.body)).toHaveLength(1);
    });

    it("reaches the same resource however a path is encoded", async () => {
      const plainPath = await curl(server(), "api.localhost", "/books/1", ...options);
      const encoded = await curl(server(), "api.localhost", "/%62ook%73/%31", ...options);
      expect(encoded).toEqual(plainPath);
      const dots = await curl(server(), "api.localhost", "/x/../books/1", ...options, "--path-as-is");
      expect(dots.status).toBe(400);
    });
  });
}

describe("Node's fetch", () => {
  const at = (path: string) => `${plain.url.replace("127.0.0.1", "localhost")}${path}`;

  it("gets pages, assets and errors", async () => {
    const page = await fetch(at("/app/books/1"));
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    await page.text();
    const missing = await fetch(at("/api/nowhere"));
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ code: "ARGANIA_NOT_FOUND_RESOURCE" });
  });

  it("sends a body as a stream", async () => {
    const text = JSON.stringify({ title: "Persuasion", author: "Jane Austen", year: 1817 });
    const init = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: new Blob([text]).stream(),
      duplex: "half",
    };
    const added = await fetch(at("/api/books"), init as RequestInit);
    expect(added.status).toBe(201);
    const location = added.headers.get("location") as string;
    expect(await added.json()).toMatchObject({ title: "Persuasion" });
    const found = await fetch(at(location));
    expect(await found.json()).toMatchObject({ title: "Persuasion" });
  });

  it("follows a redirect", async () => {
    const response = await fetch(at("/api/books/"));
    expect([response.status, response.redirected, response.url]).toEqual([200, true, at("/api/books")]);
    await response.text();
  });
});
