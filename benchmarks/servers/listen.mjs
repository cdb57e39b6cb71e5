import { createServer } from "node:http";

/** Listens on a free port of the loopback interface, and gives the port. */
export function listen(listener) {
  return listening(createServer(listener));
}

export function listening(server) {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(server.address().port));
  });
}
