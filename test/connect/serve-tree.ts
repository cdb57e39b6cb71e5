import { type Resource, Server, type Service } from "argania";
import { afterEach } from "vitest";

const closers: (() => Promise<void>)[] = [];

/** What a test's service has logged. */
export interface Served {
  readonly url: string;
  readonly logged: unknown[];
  readonly service: Service;
}

/** Serves a tree on a free port until the test ends. */
export async function serveTree(root: Resource, configure = (server: Server) => server): Promise<Served> {
  const logged: unknown[] = [];
  const service = root.intoService({ logger: { error: (details: unknown) => void logged.push(details) } });
  const handle = await configure(new Server()).serve(service, "127.0.0.1:0");
  closers.push(async () => {
    handle.close();
    await handle.closed;
  });
  return { url: handle.url, logged, service };
}

afterEach(async () => {
  for (const close of closers.splice(0)) {
    await close();
  }
});

/** Waits until something has come true, which takes some turns of the event loop. */
export async function eventually(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !holds(); turn++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  if (!holds()) {
    throw new Error(`It has not come true: ${holds}`);
  }
}
