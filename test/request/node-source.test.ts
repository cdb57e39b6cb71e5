import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { NodeSource } from "../../src/request/node-source.ts";
import type { NodeRequest, NodeResponseEvents } from "../../src/request/node-types.ts";

/** A request as Node would hand it over, without a socket behind it. */
class FakeRequest extends EventEmitter implements NodeRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly rawHeaders: readonly string[];
  readonly headers: Record<string, string>;
  readonly httpVersionMajor: number;
  readonly httpVersionMinor: number;
  readonly complete = false;
  readonly socket: NodeRequest["socket"];
  stream: NodeRequest["stream"];
  isPaused = false;

  constructor(
    init: { method?: string; url?: string; rawHeaders?: string[]; version?: [number, number] } = {},
  ) {
    super();
    this.method = init.method;
    this.url = init.url;
    this.rawHeaders = init.rawHeaders ?? [];
    this.headers = {};
    for (let index = 0; index < this.rawHeaders.length; index += 2) {
      this.headers[(this.rawHeaders[index] as string).toLowerCase()] = this.rawHeaders[index + 1] as string;
    }
    [this.httpVersionMajor, this.httpVersionMinor] = init.version ?? [1, 1];
    this.socket = undefined;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }
}

class FakeResponse extends EventEmitter implements NodeResponseEvents {
  writableFinished = false;
  headersSent = false;
  closed = false;
}

function setUp(init: ConstructorParameters<typeof FakeRequest>[0] = {}) {
  const request = new FakeRequest(init);
  const response = new FakeResponse();
  const failures: unknown[] = [];
  return {
    request,
    response,
    failures,
    source: new NodeSource(request, response, { reportFailure: (error) => failures.push(error) }),
  };
}

describe("the headers of a Node request", () => {
  const rawHeaders = ["Host", "a", "X-A", "1", "x-a", "2", "Cookie", "a=1", "cookie", "b=2", ":path", "/x"];

  it("are the same one by one and as a whole", () => {
    const lazy = setUp({ rawHeaders }).source;
    const whole = setUp({ rawHeaders }).source;
    expect([...whole.headers]).toEqual([
      ["cookie", "a=1; b=2"],
      ["host", "a"],
      ["x-a", "1, 2"],
    ]);
    for (const name of ["host", "x-a", "cookie", "x-missing"]) {
      expect(lazy.header(name), name).toBe(whole.header(name));
    }
    expect(whole.headers).toBe(whole.headers);
  });

  it("can be changed for later readers", () => {
    const { source } = setUp({ rawHeaders });
    source.headers.set("X-A", "3");
    expect(source.header("x-a")).toBe("3");
  });
});

describe("the host of a Node request", () => {
  it.each<[string[], string | null | undefined]>([
    [[], undefined],
    [["Host", "a"], "a"],
    [["HOST", "a"], "a"],
    [["host", "a", "X-Host", "b"], "a"],
    [["Host", "a", "Host", "a"], null],
    [["Host", "a", "hOST", "b"], null],
    [[":authority", "b", "host", "a"], "b"],
    [[":authority", "b"], "b"],
    [[":authority", "b", "host", "a", "host", "c"], null],
  ])("in %j is %j", (rawHeaders, expected) => {
    expect(setUp({ rawHeaders }).source.hostHeader).toBe(expected);
  });

  it("may be missing from HTTP/1.0 alone", () => {
    expect(setUp({ version: [1, 0] }).source.mayLackHost).toBe(true);
    expect(setUp({ version: [1, 1] }).source.mayLackHost).toBe(false);
    expect(setUp({ version: [2, 0] }).source.mayLackHost).toBe(false);
  });
});

describe("a Node request that tells nothing", () => {
  it("has defaults", () => {
    const { source } = setUp();
    expect([source.method, source.target, source.scheme, source.remoteAddress, source.env]).toEqual([
      "GET",
      "/",
      "http",
      "",
      undefined,
    ]);
    expect(source.body).toBeNull();
  });
});

describe("the signal of a Node request", () => {
  it("is aborted when the connection closes before the response is finished", () => {
    const { source, response } = setUp();
    const { signal } = source;
    expect(signal).toBe(source.signal);
    response.emit("close");
    expect([signal.aborted, (signal.reason as DOMException).name]).toEqual([true, "AbortError"]);
  });

  it("is not aborted when the response was finished", () => {
    const { source, response } = setUp();
    const { signal } = source;
    response.writableFinished = true;
    response.emit("close");
    expect(signal.aborted).toBe(false);
  });

  it("is aborted from the beginning when it is asked for too late", () => {
    const { source, response } = setUp();
    response.closed = true;
    expect(source.signal.aborted).toBe(true);
  });

  it("can be aborted for another reason, before and after it was asked for", () => {
    const reason = new DOMException("late", "TimeoutError");
    for (const ask of [true, false]) {
      const { source } = setUp();
      const before = ask ? source.signal : undefined;
      source.abort(reason);
      expect(source.signal.reason).toBe(reason);
      expect(before?.aborted).toBe(ask ? true : undefined);
    }
  });
});

describe("the body of a Node request", () => {
  const post = { method: "POST", rawHeaders: ["content-length", "4"] };

  it.each<[string[], boolean]>([
    [[], false],
    [["content-length", "0"], false],
    [["content-length", "1"], true],
    [["transfer-encoding", "chunked"], true],
  ])("announced by %j: %j", (rawHeaders, expected) => {
    expect(setUp({ method: "POST", rawHeaders }).source.body !== null).toBe(expected);
  });

  it("on HTTP/2 is announced by the stream", () => {
    for (const endAfterHeaders of [true, false]) {
      const { source, request } = setUp({ version: [2, 0] });
      request.stream = { endAfterHeaders };
      expect(source.body === null).toBe(endAfterHeaders);
    }
  });

  it("is taken from the socket no faster than it is read", async () => {
    const { source, request } = setUp(post);
    const body = source.body as ReadableStream<Uint8Array>;
    expect(source.body).toBe(body);
    // A stream pulls only after its start, which takes a turn.
    await new Promise((resolve) => setImmediate(resolve));
    expect(request.isPaused).toBe(true);
    const reader = body.getReader();
    const first = reader.read();
    expect(request.isPaused).toBe(false);
    request.emit("data", Buffer.from("ab"));
    expect(request.isPaused).toBe(true);
    expect((await first).value).toEqual(new Uint8Array([97, 98]));
    const last = reader.read();
    request.emit("end");
    request.emit("close");
    expect((await last).done).toBe(true);
  });

  it("fails when the client goes away or the connection breaks", async () => {
    const closed = setUp(post);
    const reading = new Response(closed.source.body).text();
    closed.request.emit("close");
    await expect(reading).rejects.toMatchObject({ name: "AbortError" });
    const broken = setUp(post);
    const other = new Response(broken.source.body).text();
    broken.request.emit("error", new Error("reset"));
    broken.request.emit("error", new Error("again"));
    await expect(other).rejects.toThrow("reset");
  });

  it("as bytes fails when the connection breaks, and lets go of the request", async () => {
    const { source, request } = setUp(post);
    const reading = source.readBytes(10, (bytes) => bytes);
    request.emit("data", Buffer.from("ab"));
    request.emit("error", new Error("reset"));
    await expect(reading).rejects.toThrow("reset");
    expect(request.eventNames()).toEqual([]);
  });

  it("lets what is left flow away when it is cancelled, once its response has been sent", async () => {
    const { source, request, response } = setUp(post);
    await source.body?.cancel();
    expect(request.isPaused).toBe(true);
    response.emit("finish");
    expect(request.isPaused).toBe(false);
    request.emit("data", Buffer.from("ignored"));
    request.emit("end");
    expect(["data", "end", "close"].map((name) => request.listenerCount(name))).toEqual([0, 0, 0]);
  });

  it("is the body of the web request, where that can have one", async () => {
    const { source, request } = setUp(post);
    const web = source.toRequest("http://localhost/x");
    const text = web.text();
    request.emit("data", Buffer.from("body"));
    request.emit("end");
    expect([web.method, web.url, await text]).toEqual(["POST", "http://localhost/x", "body"]);
  });

  it.each(["GET", "HEAD"])("stays out of the web request of %s, which cannot have one", (method) => {
    const { source } = setUp({ ...post, method });
    expect(source.toRequest("http://localhost/").body).toBeNull();
    expect(source.body).not.toBeNull();
  });
});

describe("waitUntil", () => {
  it("reports a failure and nothing else", async () => {
    const { source, failures } = setUp();
    source.waitUntil(Promise.resolve());
    source.waitUntil(Promise.reject(new Error("late")));
    await new Promise((resolve) => setImmediate(resolve));
    expect(failures).toEqual([new Error("late")]);
  });
});
