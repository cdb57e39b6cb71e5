// Sends messages over WebSockets and waits for each to come back. Frames are made once and answers only counted, so
// that the load is lighter than any server.

import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { header, maskedFrame, OPCODES } from "./frames.mjs";

/** One connection that always has `window` messages under way. */
function open(port, { payload, kind, window }, onMessage) {
  const frame = maskedFrame(payload, OPCODES[kind]);
  const answer = Buffer.concat([header(payload.length, OPCODES[kind]), payload]);
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  const key = randomBytes(16).toString("base64");
  socket.write(
    `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  let received = 0;
  let first = Buffer.alloc(0);
  const onData = (chunk) => {
    if (first.length < answer.length) {
      first = Buffer.concat([first, chunk]);
      if (first.length >= answer.length && !first.subarray(0, answer.length).equals(answer)) {
        throw new Error("The echo is not what was sent.");
      }
    }
    received += chunk.length;
    const count = Math.floor(received / answer.length);
    received -= count * answer.length;
    for (let index = 0; index < count; index++) onMessage();
    if (count === 1) socket.write(frame);
    else if (count > 1) socket.write(Buffer.concat(Array.from({ length: count }, () => frame)));
  };
  socket.once("data", (head) => {
    if (!head.toString("latin1").startsWith("HTTP/1.1 101 ")) throw new Error(`No handshake: ${head}`);
    socket.on("data", onData);
    socket.write(Buffer.concat(Array.from({ length: window }, () => frame)));
  });
  return socket;
}

process.on("message", async ({ port, scenario, seconds }) => {
  const { bytes, kind, connections } = scenario;
  const payload = kind === "text" ? Buffer.alloc(bytes, "message ") : randomBytes(bytes);
  let messages = 0;
  const sockets = Array.from({ length: connections }, () =>
    open(port, { ...scenario, payload }, () => {
      messages++;
    }),
  );
  const startedAt = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const took = (performance.now() - startedAt) / 1_000;
  for (const socket of sockets) socket.destroy();
  process.send({ messages, seconds: took });
});
process.on("disconnect", () => process.exit());
