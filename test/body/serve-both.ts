import { createServer, type IncomingMessage, type Server as NodeServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server, type Service } from "argania";
import { onTestFinished } from "vitest";
import { serve } from "../server/serve.ts";

/** How a service can be served on Node: by `Server`, or as the listener of any `http.createServer`. */
export const WAYS = ["Server", "createServer"] as const;
export type Way = (typeof WAYS)[number];

/** Serves on a free port until the test is over. */
export async function serveAs(way: Way, service: Service, server = new Server()): Promise<{ port: number }> {
  return way === "Server" ? serve(service, server) : serveBare(service);
}

/** As Express does, with what has happened to the request before it comes to the service. */
export async function serveBare(
  service: Service,
  before: (request: IncomingMessage) => Promise<void> | void = () => {},
): Promise<{ port: number; server: NodeServer }> {
  const server = createServer(async (request, response) => {
    await before(request);
    service.nodeListener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, server };
}
