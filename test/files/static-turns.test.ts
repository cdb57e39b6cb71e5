import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { join } from "node:path";
import { _get, _post, Resource, Server, type ServerHandle, type Service } from "argania";
import { StaticFiles, type StaticFilesOptions } from "argania/static";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RootDirectory } from "../../src/data/file/root-directory.ts";
import { RequestContext } from "../../src/request/request-context.ts";
import { FileStore } from "../../src/resource/static/file-store.ts";
import { currentTurn, isCurrentTurn, NO_TURN } from "../../src/resource/static/turn.ts";
import { tempFiles, writeOld } from "./temp-files.ts";

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

let clock: { mockReturnValue(value: number): unknown };
let server: ServerHandle | undefined;

beforeEach(() => {
  // Of what has just been changed nothing is kept.
  vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);
  clock = vi.spyOn(performance, "now");
  clock.mockReturnValue(1_000);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await server?.close();
  server = undefined;
});

describe("a look at a file that is kept", () => {
  async function storeOf(directory: string) {
    const root = new RootDirectory(directory, true);
    const store = new FileStore(root, { followsLinks: true, cacheSize: 1e6, revalidateAfter: 0 });
    await store.find("a.txt", false);
    await nextTurn();
    return store;
  }
  const contentOf = (found: unknown) =>
    (found as { readonly content: Uint8Array } | null)?.content.toString();

  it("is shared by requests that were there before the turn began, for a millisecond", async () => {
    const directory = tempFiles({ "a.txt": "one" });
    const store = await storeOf(directory);
    expect(contentOf(store.findNow("a.txt", true))).toBe("one");
    writeOld(join(directory, "a.txt"), "second");
    expect(contentOf(store.findNow("a.txt", true))).toBe("one");
    expect(contentOf(await store.find("a.txt", true))).toBe("one");
    clock.mockReturnValue(1_001);
    expect(store.findNow("a.txt", true)).toBeNull();
    expect(contentOf(await store.find("a.txt", true))).toBe("second");
  });

  it("is not shared if another request has taken it", async () => {
    const directory = tempFiles({ "a.txt": "one" });
    const store = await storeOf(directory);
    expect(contentOf(store.findNow("a.txt", false))).toBe("one");
    writeOld(join(directory, "a.txt"), "second");
    expect(store.findNow("a.txt", true)).toBeNull();
  });

  it("is not shared with others, nor with the next turn", async () => {
    const directory = tempFiles({ "a.txt": "one" });
    const store = await storeOf(directory);
    expect(contentOf(store.findNow("a.txt", true))).toBe("one");
    writeOld(join(directory, "a.txt"), "second");
    expect(store.findNow("a.txt", false)).toBeNull();
    await nextTurn();
    expect(store.findNow("a.txt", true)).toBeNull();
  });

  it("sees what has changed where a thread takes it, too", async () => {
    const platform = Object.getOwnPropertyDescriptor(process, "platform") as PropertyDescriptor;
    Object.defineProperty(process, "platform", { ...platform, value: "darwin" });
    try {
      const directory = tempFiles({ "a.txt": "one" });
      const store = await storeOf(directory);
      const find = async (isJustRead: boolean) => contentOf(await store.find("a.txt", isJustRead));
      expect(await Promise.all([find(true), find(true), find(false)])).toEqual(["one", "one", "one"]);
      await nextTurn();
      writeOld(join(directory, "a.txt"), "second");
      expect(await Promise.all([find(true), find(true), find(false)])).toEqual([
        "second",
        "second",
        "second",
      ]);
    } finally {
      Object.defineProperty(process, "platform", platform);
    }
  });

  it("ends its turn though a test has put a clock of its own in place", async () => {
    vi.useFakeTimers();
    const turn = currentTurn();
    expect([isCurrentTurn(turn), isCurrentTurn(NO_TURN), currentTurn()]).toEqual([true, false, turn]);
    vi.useRealTimers();
    await nextTurn();
    expect(isCurrentTurn(turn)).toBe(false);
  });
});

/** What comes back on one connection for all that is sent at once. */
function exchange(port: number, ...requests: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => {
      const lines = requests.map((line) => `${line} HTTP/1.1\r\nHost: a\r\n\r\n`);
      socket.write(`${lines.join("")}GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    });
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      text += chunk;
    });
    socket.on("close", () => resolve(text)).on("error", reject);
  });
}

const bodiesOf = (text: string) =>
  [...text.matchAll(/(one|second|written|w+)(?=HTTP|$)/g)].map(([word]) => word);

async function listen(service: Service): Promise<number> {
  server = await new Server().serve(service, "127.0.0.1:0");
  return server.address.port;
}

describe("what has been changed is seen", () => {
  function rootOf(directory: string, options: StaticFilesOptions = {}) {
    const root = new Resource("/").addSubresource(
      new StaticFiles("/files", directory, options).intoResource(),
    );
    root.subresource("/last").setHandlerFor(_get.to(() => ""));
    root.subresource("/write/{word}").setHandlerFor(
      _post.to(({ params }) => {
        writeOld(join(directory, "a.txt"), params.word);
        return "written";
      }),
    );
    return root;
  }

  it("by a request behind the one that changes it, on one connection and in one turn", async () => {
    const port = await listen(rootOf(tempFiles({ "a.txt": "one" })).intoService());
    expect(bodiesOf(await exchange(port, "GET /files/a.txt"))).toEqual(["one"]);
    const lines = ["GET /files/a.txt", "POST /write/second", "GET /files/a.txt"];
    const text = await exchange(port, ...lines, "GET /files/a.txt");
    expect(bodiesOf(text)).toEqual(["one", "written", "second", "second"]);
  });

  it("by each client that asks once it has changed it", async () => {
    const directory = tempFiles({ "a.txt": "one" });
    const port = await listen(rootOf(directory).intoService());
    for (let number = 0; number < 8; number++) {
      const word = "w".repeat(number + 1);
      writeOld(join(directory, "a.txt"), word);
      const texts = await Promise.all([1, 2, 3].map(() => exchange(port, "GET /files/a.txt")));
      expect(texts.map(bodiesOf)).toEqual([[word], [word], [word]]);
    }
  });
});

describe("a request has just been read", () => {
  const isJustRead = (context: unknown) =>
    String(RequestContext.sourceOf(context as RequestContext).isJustRead);

  function root() {
    const tree = new Resource("/");
    tree.subresource("/now").setHandlerFor(_get.to((context) => isJustRead(context)));
    tree.subresource("/later").setHandlerFor(
      _get.to(async (context) => {
        const before = isJustRead(context);
        await Promise.resolve();
        return `${before}+${isJustRead(context)}`;
      }),
    );
    tree.subresource("/last").setHandlerFor(_get.to(() => ""));
    return tree.intoService();
  }
  const wordsOf = (text: string) =>
    [...text.matchAll(/(?:true|false)(?:\+(?:true|false))?/g)].map(([word]) => word);

  it("by a server of ours, first on its connection, until something is waited for", async () => {
    const port = await listen(root());
    expect(wordsOf(await exchange(port, "GET /now", "GET /now"))).toEqual(["true", "false"]);
    expect(wordsOf(await exchange(port, "GET /later"))).toEqual(["true+false"]);
  });

  it("but not one of HTTP/2, which may come behind another", async () => {
    server = await new Server().withHttp2().serve(root(), "127.0.0.1:0");
    const session = connectHttp2(`http://127.0.0.1:${server.address.port}`);
    const chunks: string[] = [];
    await new Promise((resolve, reject) => {
      const stream = session.request({ ":path": "/now" }).setEncoding("utf8");
      stream.on("data", (chunk: string) => chunks.push(chunk)).on("end", resolve);
      stream.on("error", reject);
    });
    session.close();
    expect(chunks.join("")).toBe("false");
  });

  it("but not one that had to wait for its turn", async () => {
    server = await new Server().withLimits({ maxPipelinedRequests: 1 }).serve(root(), "127.0.0.1:0");
    const text = await exchange(server.address.port, "GET /now", "GET /now", "GET /now");
    expect(wordsOf(text)).toEqual(["true", "false", "false"]);
  });

  it("but not one that was made in the process", async () => {
    expect(await (await root().request("/now")).text()).toBe("false");
  });
});
