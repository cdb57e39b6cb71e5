// One echo server over connections in memory, in a process of its own. The parent says when it is this one's turn, and for how
// many messages.

import { randomBytes } from "node:crypto";
import { Server } from "node:net";
import { Duplex } from "node:stream";
import { collectOnce } from "../lib/application-heap.mjs";
import { contenders } from "./contenders.mjs";
import { header, maskedFrame, OPCODES } from "./frames.mjs";

const [contender, kind, bytes, connectionCount, window] = process.argv.slice(2);
const payload = kind === "text" ? Buffer.alloc(Number(bytes), "message ") : randomBytes(Number(bytes));
const frame = maskedFrame(payload, OPCODES[kind]);
const sent = Buffer.concat(Array.from({ length: Number(window) }, () => frame));
const answer = Buffer.concat([header(payload.length, OPCODES[kind]), payload]);
const CHECKED = 3;
/** Empty ones; a client's is masked. */
const PING = Buffer.from([0x89, 0]);
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

/** What was thrown would go to the server that writes, which takes it for a failure of its application. */
function fail(message) {
  console.error(message);
  process.exit(1);
}

class MemorySocket extends Duplex {
  isOpen = false;
  isIdle = false;
  bytesRead = 0;
  bytesWritten = 0;
  #missing = 0;
  #checked = 0;
  #first = Buffer.alloc(0);

  constructor() {
    // As with sockets: text stays text until it is written.
    super({ decodeStrings: false });
  }

  /** `ws` takes the mask away in place: each message needs bytes of its own, as those of sockets are. */
  feed() {
    this.isIdle = false;
    this.#missing = answer.length * Number(window);
    const fresh = Buffer.allocUnsafeSlow(sent.length);
    fresh.set(sent);
    this.#give(fresh);
  }

  /** What counts as read tells servers that the client is there: those that see no bytes ping it, and close. */
  #give(bytes) {
    this.bytesRead += bytes.length;
    this.push(bytes);
  }

  setTimeout() {
    return this;
  }
  setNoDelay() {}
  setKeepAlive() {}
  ref() {}
  unref() {}
  _read() {}

  _write(chunk, encoding, done) {
    this.#take(chunk, encoding);
    done();
  }

  _writev(chunks, done) {
    for (const { chunk, encoding } of chunks) this.#take(chunk, encoding);
    done();
  }

  #take(chunk, encoding) {
    if (!this.isOpen) {
      if (!chunk.toString("latin1").startsWith("HTTP/1.1 101 ")) fail(`No handshake: ${chunk}`);
      this.isOpen = true;
      this.isIdle = true;
      return;
    }
    const length = typeof chunk === "string" ? Buffer.byteLength(chunk, encoding) : chunk.length;
    this.bytesWritten += length;
    // Between the turns of this process, which others have theirs in: no echo, but a ping to a client that has been silent.
    if (this.isIdle) return this.#answerPing(Buffer.from(chunk, encoding));
    if (this.#checked < CHECKED) this.#check(Buffer.from(chunk, encoding));
    this.#missing -= length;
    if (this.#missing === 0) {
      this.isIdle = true;
      noteAnswer();
    }
  }

  #answerPing(bytes) {
    // `ws` writes what a frame has in it by itself, even when that is nothing.
    if (bytes.length === 0) return;
    if (!bytes.equals(PING)) fail(`Nothing was sent, and came: ${bytes.toString("hex", 0, 40)}`);
    setImmediate(() => this.#give(Buffer.from(PONG)));
  }

  #check(bytes) {
    this.#first = Buffer.concat([this.#first, bytes]);
    if (this.#first.length < answer.length) return;
    if (!this.#first.subarray(0, answer.length).equals(answer))
      fail(`The echo is not what was sent: ${this.#first.toString("hex", 0, 40)}`);
    this.#first = this.#first.subarray(answer.length);
    this.#checked++;
  }
}

// Whoever listens is the server, however a contender has come by it.
let server;
const { listen } = Server.prototype;
Server.prototype.listen = function (...args) {
  server = this;
  return listen.apply(this, args);
};
await contenders[contender]();

const connections = Array.from({ length: Number(connectionCount) }, () => {
  const connection = new MemorySocket();
  server.emit("connection", connection);
  const key = randomBytes(16).toString("base64");
  connection.push(
    `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  return connection;
});
while (!connections.every(({ isOpen }) => isOpen)) await new Promise((resolve) => setTimeout(resolve, 5));

let toSend = 0;
let toCome = 0;
let count = 0;
let before;

function feed() {
  for (const connection of connections) {
    if (connection.isIdle && toSend > 0) {
      toSend--;
      connection.feed();
    }
  }
  if (toSend > 0) setImmediate(feed);
}

function noteAnswer() {
  if (--toCome > 0) return;
  const { user, system } = process.cpuUsage(before);
  process.send((user + system) / (count * Number(window)));
}

process.on("message", (turns) => {
  count = turns;
  toSend = turns;
  toCome = turns;
  before = process.cpuUsage();
  feed();
});
process.on("disconnect", () => process.exit());
collectOnce();
process.send("ready");
