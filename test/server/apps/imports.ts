import type { Service } from "argania";
import { Server } from "../../../src/server/server.ts";

// Not through the index: the responses touch the global `Response`, for which Node itself loads its HTTP modules.

const loaded = () =>
  ((process as unknown as { moduleLoadList: string[] }).moduleLoadList ?? []).filter((name) =>
    /^NativeModule (http|https|http2|tls|_http_server|_tls_wrap|internal\/http2\/core)$/.test(name),
  );

const service = { createNodeListener: () => () => {} } as unknown as Service;
const server = new Server().withHttp2().withGracefulShutdown();
const before = loaded();
const { close } = await server.serve(service, "127.0.0.1:0");
await close();
console.log(`before ${JSON.stringify(before)} after ${loaded().length > 0}`);
