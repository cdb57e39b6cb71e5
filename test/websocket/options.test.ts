import { WebSocketOptionError, type WebSocketOptions, webSocketUpgrade } from "argania/websocket";
import { describe, expect, test } from "vitest";
import { openClient, serveSite } from "./sockets.ts";

describe("options", () => {
  test.each<[string, unknown, RegExp]>([
    ["null", null, /takes an object, not null/],
    ["a number", 5, /takes an object, not a number/],
    ["a misspelt name", { maxMessageByte: 5 }, /no option "maxMessageByte".*maxMessageBytes/],
    ["a limit of nothing", { maxMessageBytes: 0 }, /maxMessageBytes is an integer from 1 to/],
    ["a limit that is none", { maxMessageBytes: Number.POSITIVE_INFINITY }, /not Infinity/],
    ["half a fragment", { maxFragments: 0.5 }, /maxFragments/],
    ["a time as text", { idleTimeout: "30s" }, /idleTimeout is an integer from 0 to \d+, not a string/],
    ["a negative time", { closeTimeout: -1 }, /closeTimeout/],
    ["null for a number", { maxBufferedBytes: Number.NaN }, /maxBufferedBytes/],
    ["an origin with a path", { origins: ["https://example.com/"] }, /without a path/],
    ["an origin without a scheme", { origins: ["example.com"] }, /without a path/],
    ["an origin that no browser sends", { origins: ["https://Example.com"] }, /lower case/],
    ["an origin in place of a list", { origins: "https://example.com" }, /a list such as/],
    ["a wildcard", { origins: ["*"] }, /"any"/],
    ["a protocol that is no token", { protocols: ["a b"] }, /tokens/],
    ["a protocol in place of a list", { protocols: "chat" }, /list/],
    ["a protocol twice", { protocols: ["chat", "chat"] }, /different/],
    ["two ways to choose", { protocols: ["chat"], selectProtocol: () => "chat" }, /one of them/],
    ["a choice that is no function", { selectProtocol: "chat" }, /selectProtocol is a function/],
    [
      "a compression that is neither on nor off",
      { compression: "yes" },
      /compression is true, false or an object/,
    ],
    ["an option of a compression", { compression: { window: 5 } }, /compression has no option "window"/],
    ["a level that zlib has not", { compression: { level: 0 } }, /level is an integer from 1 to 9, not 0/],
  ])("refuses %s at definition", (_, options, message) => {
    const define = () => webSocketUpgrade(options as WebSocketOptions);
    expect(define).toThrow(WebSocketOptionError);
    expect(define).toThrow(message);
    expect(define).toThrow(expect.objectContaining({ code: "ARGANIA_WEBSOCKET_OPTION" }));
  });

  test("may all be left out, or be undefined", () => {
    expect(() => webSocketUpgrade()).not.toThrow();
    expect(() =>
      webSocketUpgrade({ maxMessageBytes: undefined } as unknown as WebSocketOptions),
    ).not.toThrow();
  });
});

describe("origins", () => {
  const HOST = "chat.example.com";
  const answer = async (options: WebSocketOptions, headers: Record<string, string>): Promise<string> => {
    const { url } = await serveSite(() => {}, options);
    return openClient(url, [], { headers: { Host: HOST, ...headers } }).then(
      () => "open",
      (error: Error) => error.message,
    );
  };
  const refused = "status 403";

  test.each([
    ["https://chat.example.com", HOST, "open"],
    ["http://chat.example.com", HOST, "open"],
    ["https://chat.example.com", "CHAT.example.com.", "open"],
    ["https://chat.example.com:8443", "chat.example.com:8443", "open"],
    ["https://chat.example.com", "chat.example.com:443", "open"],
    ["http://chat.example.com", "chat.example.com:80", "open"],
    ["http://[::1]:8080", "[::1]:8080", "open"],
    ["https://chat.example.com:8443", HOST, refused],
    ["https://chat.example.com", "chat.example.com:8443", refused],
    ["https://evil.example", HOST, refused],
    ["https://example.com", HOST, refused],
    ["https://evil.chat.example.com", HOST, refused],
    ["https://chat.example.com.evil.example", HOST, refused],
    ["https://chat.example.com@evil.example", HOST, refused],
    ["https://chat.example.com/", HOST, refused],
    ["https://chat.example.com, https://evil.example", HOST, refused],
    ["https://chat.example.com https://evil.example", HOST, refused],
    ["ftp://chat.example.com", HOST, refused],
    ["chrome-extension://chat.example.com", HOST, refused],
    ["chat.example.com", HOST, refused],
    ["null", HOST, refused],
    ["", HOST, refused],
  ])("by default: a page of %s at the host %s: %s", async (origin, host, expected) => {
    expect(await answer({}, { Host: host, Origin: origin })).toBe(expected);
  });

  test("a client that is no browser sends none, and is let in", async () => {
    expect(await answer({}, {})).toBe("open");
    expect(await answer({ origins: [] }, {})).toBe("open");
  });

  test.each([
    ["https://app.example.com", "open"],
    ["https://chat.example.com", "open"],
    ["http://app.example.com", refused],
    ["https://app.example.com:444", refused],
    ["null", refused],
  ])('a list with "same" in it: %s %s', async (origin, expected) => {
    const origins = ["same", "https://app.example.com"];
    expect(await answer({ origins }, { Origin: origin })).toBe(expected);
  });

  test("a list means these and no others, not even the same one", async () => {
    const origins = ["null", "chrome-extension://abc"];
    expect(await answer({ origins }, { Origin: "null" })).toBe("open");
    expect(await answer({ origins }, { Origin: "chrome-extension://abc" })).toBe("open");
    expect(await answer({ origins }, { Origin: "https://chat.example.com" })).toBe(refused);
  });

  test('"any" lets every page in', async () => {
    expect(await answer({ origins: "any" }, { Origin: "https://evil.example" })).toBe("open");
  });

  test("a function decides, also on none, now or later; what is not true refuses", async () => {
    const asked: unknown[] = [];
    const origins = async (origin: string | undefined, context: { readonly path: string }) => {
      asked.push([origin, context.path]);
      return origin === "https://a.example";
    };
    expect(await answer({ origins }, { Origin: "https://a.example" })).toBe("open");
    expect(await answer({ origins }, { Origin: "https://b.example" })).toBe(refused);
    expect(await answer({ origins: (origin) => origin === undefined }, {})).toBe("open");
    expect(await answer({ origins: (() => "yes") as unknown as () => boolean }, {})).toBe(refused);
    expect(asked).toEqual([
      ["https://a.example", "/ws"],
      ["https://b.example", "/ws"],
    ]);
  });
});

describe("subprotocols", () => {
  const agreed = async (options: WebSocketOptions, offered: readonly string[]): Promise<unknown> => {
    const seen: string[] = [];
    const { url } = await serveSite((socket) => void seen.push(socket.protocol), options);
    const { socket, head } = await openClient(url, offered).catch(({ message }) => ({
      socket: null,
      head: message,
    }));
    return socket === null ? head : [socket.protocol, head["sec-websocket-protocol"] ?? null, seen[0]];
  };

  test("the first one that the client offers and the server speaks", async () => {
    expect(await agreed({ protocols: ["v1", "v2"] }, ["v3", "v2", "v1"])).toEqual(["v2", "v2", "v2"]);
  });

  test("none, if none is offered", async () => {
    expect(await agreed({ protocols: ["v1"] }, [])).toEqual(["", null, ""]);
  });

  test("none in common: the client finds that out (RFC 6455 §4.1)", async () => {
    expect(await agreed({ protocols: ["v1"] }, ["v2"])).toMatch(/no subprotocol/i);
    expect(await agreed({}, ["v2"])).toMatch(/no subprotocol/i);
  });

  test("a function chooses among those that are offered", async () => {
    expect(await agreed({ selectProtocol: (offered) => offered.at(-1) }, ["a", "b"])).toEqual([
      "b",
      "b",
      "b",
    ]);
    expect(await agreed({ selectProtocol: () => "never asked" }, [])).toEqual(["", null, ""]);
    expect(await agreed({ selectProtocol: () => undefined }, ["a"])).toMatch(/no subprotocol/i);
    expect(await agreed({ selectProtocol: () => "c" }, ["a", "b"])).toBe("status 500");
  });
});
