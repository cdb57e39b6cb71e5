// Clients that hold a connection each and count the events that come. All of them in one process, on another core.

import { connect } from "node:net";

const END = Buffer.from("\n\n");
let sockets = [];
let events = 0;
let wanted = Number.POSITIVE_INFINITY;

process.on("message", async ({ ask, port, count }) => {
  if (ask === "connect") {
    sockets = await Promise.all(Array.from({ length: count }, () => open(port)));
    process.send("connected");
  } else if (ask === "expect") {
    events = 0;
    wanted = count;
    process.send("expecting");
  } else if (ask === "leave") {
    for (const socket of sockets) socket.destroy();
    process.send("left");
  }
});
process.on("disconnect", () => process.exit());

/** Resolves when the head is there. */
function open(port) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () =>
      socket.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n"),
    );
    socket.once("error", reject);
    socket.once("data", () => {
      socket.on("data", count);
      resolve(socket);
    });
  });
}

/** An event hardly ever comes in two packets on loopback; if one does, its end is in one of them. */
function count(chunk) {
  for (let at = chunk.indexOf(END); at >= 0; at = chunk.indexOf(END, at + 2)) events++;
  if (events >= wanted) {
    wanted = Number.POSITIVE_INFINITY;
    process.send("received");
  }
}
