import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { H3, serve, serveStatic } from "h3";
import { directory } from "./static-scenarios.mjs";

/** The files are the app's part, and done as its documentation does it. It makes no entity tags itself. */
const files = {
  getMeta: async (id) => {
    const stats = await stat(join(directory, id)).catch(() => undefined);
    if (!stats?.isFile()) return undefined;
    const { size, mtimeMs } = stats;
    return { size, mtime: mtimeMs, etag: `W/"${size.toString(16)}-${mtimeMs.toString(16)}"` };
  },
  getContents: (id) => readFile(join(directory, id)),
};

export async function start() {
  const app = new H3();
  app.use((event) => serveStatic(event, files));
  const server = serve(app, { hostname: "127.0.0.1", port: 0, silent: true });
  await server.ready();
  return server.node.server.address().port;
}
