import { type OwnCase, request } from "./requests.ts";

const BAD = { status: [400], close: "yes", responses: 1 } as const;
const NEVER_SECRET = { bodyExcludes: ["SECRET-PAGE"] };

const HIDDEN = "GET /admin/secret HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ok\r\n\r\n";

function post(headers: readonly string[], body: string, rest = ""): string {
  const lines = ["POST /json HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json", ...headers];
  return `${lines.join("\r\n")}\r\n\r\n${body}${rest}`;
}

const keepAlive = (target: string, method = "GET") =>
  `${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;

export const SMUGGLING: readonly OwnCase[] = [
  ["two different lengths", post(["Content-Length: 2", "Content-Length: 5"], "{}", HIDDEN), BAD],
  ["two equal lengths", post(["Content-Length: 2", "Content-Length: 2"], "{}", HIDDEN), BAD],
  ["a list of lengths", post(["Content-Length: 2, 2"], "{}", HIDDEN), BAD],
  ["a hexadecimal length", post(["Content-Length: 0x2"], "{}", HIDDEN), BAD],
  ["a length with a decimal point", post(["Content-Length: 2.0"], "{}", HIDDEN), BAD],
  ["a length beyond 64 bits", post(["Content-Length: 99999999999999999999999"], "{}", HIDDEN), BAD],
  ["a space before the colon of the length", post(["Content-Length : 2"], "{}", HIDDEN), BAD],
  ["a space before the colon of the coding", post(["Transfer-Encoding : chunked"], "0\r\n\r\n", HIDDEN), BAD],
  [
    "two codings",
    post(["Transfer-Encoding: chunked", "Transfer-Encoding: identity"], "0\r\n\r\n", HIDDEN),
    BAD,
  ],
  [
    "length after the coding",
    post(["Transfer-Encoding: chunked", "Content-Length: 3"], "0\r\n\r\n", HIDDEN),
    BAD,
  ],
  ["a negative chunk", post(["Transfer-Encoding: chunked"], "-1\r\n{}\r\n0\r\n\r\n", HIDDEN), BAD],
  ["a chunk size with 0x", post(["Transfer-Encoding: chunked"], "0x2\r\n{}\r\n0\r\n\r\n", HIDDEN), BAD],
  ["a chunk longer than it says", post(["Transfer-Encoding: chunked"], "1\r\n{}\r\n0\r\n\r\n", HIDDEN), BAD],
  ["a NUL in a header", request("/", ["X: a\0b"]), BAD],
  ["a NUL in a header name", request("/", ["X\0Y: a"]), BAD],
  [
    "chunk extensions",
    post(["Transfer-Encoding: chunked", "Connection: close"], "2;a=b\r\n{}\r\n0\r\n\r\n"),
    { status: [200], bodyEquals: "{}", responses: 1 },
  ],
  [
    "trailers change nothing",
    post(["Transfer-Encoding: chunked"], "2\r\n{}\r\n0\r\nHost: api.example.com\r\n\r\n", request("/")),
    { status: [200], responses: 2, bodiesInOrder: ["{}", "root"] },
  ],
  [
    "the body of a GET is no request",
    `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}${request("/echo/2")}`,
    { status: [200], responses: 2, bodiesInOrder: ["root", "2"] },
  ],
  [
    "the body of a request for nothing is no request",
    `POST /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
    { status: [404], responses: 1, ...NEVER_SECRET },
  ],
  [
    "the body of a bad request is no request",
    `POST /%zz HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
    { status: [400], responses: 1, ...NEVER_SECRET },
  ],
  [
    "the body of a method that is not allowed is no request",
    `DELETE / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
    { status: [405], responses: 1, ...NEVER_SECRET },
  ],
  [
    "pipelining goes on after errors",
    keepAlive("/%zz") + keepAlive("/nothing") + keepAlive("/boom/sync") + request("/echo/4"),
    { status: [400, 404, 500, 200], responses: 4, bodyIncludes: ["\r\n\r\n4"] },
  ],
  [
    "slow answers do not overtake",
    keepAlive("/json", "DELETE") + keepAlive("/echo/1") + request("/slash/"),
    { status: [405, 200], responses: 3 },
  ],
  [
    "fifty requests in one packet",
    keepAlive("/echo/x").repeat(49) + request("/echo/x"),
    { status: [200], responses: 50, bodiesInOrder: Array.from({ length: 50 }, () => "x") },
  ],
  [
    "nothing is answered after Connection: close",
    request("/") + keepAlive("/echo/2"),
    { status: [200], responses: 1, bodyEquals: "root", close: "yes" },
  ],
  [
    "garbage after a request",
    `${keepAlive("/")}\x16\x03\x01 garbage\r\n\r\n`,
    { status: [200], bodyExcludes: ["SECRET-PAGE"], close: "yes" },
  ],
];

const CLOSED = { status: [0, 400, 405, 431, 501, 505], close: "yes" } as const;

export const PROTOCOL_GARBAGE: readonly OwnCase[] = [
  ["random bytes", "\x00\x01\x02\xff\xfe\r\n\r\n", CLOSED],
  ["HTTP/0.9", "GET /\r\n\r\n", CLOSED],
  ["a lower-case method", "get / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", CLOSED],
  ["no method", " / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", CLOSED],
  ["a response", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", CLOSED],
  ["an SSH banner", "SSH-2.0-OpenSSH_9.6\r\n", CLOSED],
  ["an SMTP greeting", "EHLO example.com\r\n\r\n", CLOSED],
  ["the HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", CLOSED],
  // Node's parser takes it for HTTP/1.0: AirPlay sends such requests.
  ["RTSP", "GET / RTSP/1.0\r\nHost: 127.0.0.1\r\n\r\n", { status: [200, 400, 505], close: "yes" }],
  ["a header of 20 KB", request("/", ["X: {{rep:a:20000}}"]), { status: [431], close: "yes" }],
  ["a header name of 20 KB", request("/", ["{{rep:a:20000}}: x"]), { status: [431], close: "yes" }],
  ["a header without colon", request("/", ["nonsense"]), CLOSED],
  ["1,000 headers", request("/", ["{{rep:X: y\r\n:1000}}Y: z"]), { status: [200, 431] }],
  ["empty lines before the request", `\r\n\r\n${request("/")}`, { status: [200, 400] }],
  ["a query of 10 KB", request("/?{{rep:a:10000}}"), { status: [200], bodyEquals: "root" }],
  ["5,000 slashes", request("{{rep:/:5000}}"), { status: [404] }],
  ["2,000 segments", request("{{rep:/a:2000}}"), { status: [404] }],
  ["3,000 escapes", request("/{{rep:%2F:3000}}"), { status: [404] }],
  ["OPTIONS *", request("*", [], "OPTIONS"), { status: [200, 204, 400, 404, 405] }],
  [
    "TRACE never echoes",
    request("/", ["X: secret-header"], "TRACE"),
    { status: [405], bodyExcludes: ["secret-header"] },
  ],
  ["CONNECT with a path", "CONNECT / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", CLOSED],
  ["an unknown expectation", request("/", ["Expect: 200-ok"]), { status: [200, 417] }],
  [
    "an upgrade to a protocol that is not there",
    request("/", ["Upgrade: websocket", "Sec-WebSocket-Version: 13"]).replace("close", "Upgrade"),
    { status: [200, 400, 426] },
  ],
  ["a header that ends half-way", "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\rGET /", CLOSED],
];
