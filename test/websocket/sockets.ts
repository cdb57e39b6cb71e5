import { randomBytes } from "node:crypto";
import {
  _get,
  _requestReceiver,
  type ErrorReport,
  type Layer,
  Resource,
  Server,
  type Service,
} from "argania";
import { type WebSocketConnection, type WebSocketOptions, webSocketUpgrade } from "argania/websocket";
import { onTestFinished } from "vitest";
import { type ClientOptions, WebSocket } from "ws";
import { RawClient } from "../server/raw-client.ts";
import { MemoryLogger } from "../server/serve.ts";

export type Callback = (socket: WebSocketConnection) => unknown;

export const echo: Callback = async (socket) => {
  for await (const message of socket) {
    await socket.send(message);
  }
};

/** A site with a WebSocket at `/ws`, whose failures are kept. */
export function siteWith(
  callback: Callback,
  options: WebSocketOptions = {},
  layers: readonly Layer[] = [],
): { service: Service; reports: MemoryLogger["reports"] } {
  const logger = new MemoryLogger();
  const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
  const handler = _get.to([webSocketUpgrade(options)], (upgrade) => upgrade(callback));
  const resource = root.subresource("/ws").setHandlerFor(handler);
  if (layers.length > 0) {
    resource.addLayerTo(_requestReceiver([...layers]));
  }
  return { service: root.intoService({ logger }), reports: logger.reports };
}

export interface RunningSite {
  readonly port: number;
  readonly url: string;
  readonly reports: readonly ErrorReport[];
  readonly close: () => Promise<void>;
}

/** Serves it until the test is over. */
export async function serveSite(
  callback: Callback = echo,
  options: WebSocketOptions = {},
  { server = new Server(), layers = [] as readonly Layer[] } = {},
): Promise<RunningSite> {
  const { service, reports } = siteWith(callback, options, layers);
  const { address, close } = await server.serve(service, "127.0.0.1:0");
  onTestFinished(() => close());
  return { port: address.port, url: `ws://127.0.0.1:${address.port}/ws`, reports, close };
}

/** A client of `ws`, and what it has heard. */
export interface Client {
  readonly socket: WebSocket;
  readonly messages: (string | Buffer)[];
  readonly pings: Buffer[];
  readonly head: Readonly<Record<string, string | string[] | undefined>>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

/** Opens a WebSocket; rejects with "status N" when it is refused. */
export function openClient(
  url: string,
  protocols: readonly string[] = [],
  options: ClientOptions = {},
): Promise<Client> {
  const socket = new WebSocket(url, [...protocols], { perMessageDeflate: false, ...options });
  const messages: (string | Buffer)[] = [];
  const pings: Buffer[] = [];
  socket.on("ping", (data) => pings.push(data));
  let head: Client["head"] = {};
  socket.on("message", (data: Buffer, isBinary) => messages.push(isBinary ? data : data.toString()));
  socket.on("upgrade", ({ headers }) => {
    head = headers;
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  onTestFinished(() => socket.terminate());
  return new Promise((resolve, reject) => {
    socket.on("open", () => resolve({ socket, messages, pings, head, closed }));
    socket.on("unexpected-response", (request, response) => {
      reject(new Error(`status ${response.statusCode}`));
      request.destroy();
    });
    socket.on("error", reject);
  });
}

/** The head of a handshake; a header that is `null` is left out. */
export function handshake(path = "/ws", headers: Readonly<Record<string, string | null>> = {}): string {
  const lines = {
    Host: "127.0.0.1",
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  const given = Object.entries(lines).filter(([, value]) => value !== null);
  return `GET ${path} HTTP/1.1\r\n${given.map(([name, value]) => `${name}: ${value}`).join("\r\n")}\r\n\r\n`;
}

export const TEXT = 0x1;
export const BINARY = 0x2;
export const CONTINUATION = 0x0;
export const CLOSE = 0x8;
export const PING = 0x9;
export const PONG = 0xa;

/** A frame as clients send it: masked, final unless told otherwise. */
export function frame(opcode: number, payload: string | Uint8Array = "", isFinal = true): string {
  const bytes = Buffer.from(payload as string);
  const mask = randomBytes(4);
  const length =
    bytes.length < 126
      ? [0x80 | bytes.length]
      : bytes.length < 65_536
        ? [0xfe, bytes.length >> 8, bytes.length & 255]
        : [0xff, 0, 0, 0, 0, ...Buffer.from(Uint32Array.of(bytes.length).buffer).reverse()];
  const masked = bytes.map((byte, index) => byte ^ (mask[index % 4] as number));
  return Buffer.concat([Buffer.from([(isFinal ? 0x80 : 0) | opcode, ...length]), mask, masked]).toString(
    "latin1",
  );
}

export const closeFrame = (code: number, reason = "") =>
  frame(CLOSE, Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]));

/** The frames that a server has sent after its handshake. */
export function framesIn(received: string): { opcode: number; payload: Buffer }[] {
  const bytes = Buffer.from(received.slice(received.indexOf("\r\n\r\n") + 4), "latin1");
  const frames: { opcode: number; payload: Buffer }[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    let length = (bytes[at + 1] as number) & 127;
    let start = at + 2;
    if (length === 126) {
      length = bytes.readUInt16BE(start);
      start += 2;
    } else if (length === 127) {
      length = Number(bytes.readBigUInt64BE(start));
      start += 8;
    }
    if (start + length > bytes.length) {
      break;
    }
    frames.push({ opcode: (bytes[at] as number) & 15, payload: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return frames;
}

/** The code of the close frame that a server has sent; `undefined` when there is none, 1005 when it has none. */
export function closeCodeIn(received: string): number | undefined {
  const close = framesIn(received).find(({ opcode }) => opcode === CLOSE);
  return close === undefined ? undefined : close.payload.length < 2 ? 1005 : close.payload.readUInt16BE(0);
}

/**
 * A connection with the handshake behind it, for bytes that no client library would send.
 *
 * @param early sent with the handshake, in the same bytes
 */
export async function openRaw(
  port: number,
  headers: Readonly<Record<string, string | null>> = {},
  early = "",
  path = "/ws",
): Promise<RawClient> {
  const client = await RawClient.connect(port);
  onTestFinished(() => client.close());
  client.send(handshake(path, headers) + early);
  await client.until(/^HTTP\/1\.1 101 [\s\S]*\r\n\r\n/);
  return client;
}
