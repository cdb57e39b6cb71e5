import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { type ErrorReport, Resource, Server, type ServiceOptions } from "argania";
import { onTestFinished } from "vitest";

/** A tree to be filled, on a real socket until the test ends. */
export async function serve(fill: (root: Resource<"/">) => void, options: ServiceOptions = {}) {
  const errors: ErrorReport[] = [];
  const root = new Resource("/");
  fill(root);
  const service = root.intoService({ logger: { error: (report) => errors.push(report) }, ...options });
  const { url, close } = await new Server().withGracefulShutdown(0).serve(service, "127.0.0.1:0");
  onTestFinished(() => close());
  return { url, service, errors };
}

/** A listener of another framework on a real socket. */
export async function listen(listener: object): Promise<string> {
  const server = createServer(listener as RequestListener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Something that a test waits for. */
export function latch<T = void>(): { readonly reached: Promise<T>; readonly reach: (value: T) => void } {
  let reach: (value: T) => void = () => {};
  const reached = new Promise<T>((resolve) => {
    reach = resolve;
  });
  return { reached, reach };
}
