import { staticBundleUrl } from "../lib/paths.mjs";
import { directory } from "./static-scenarios.mjs";

const { Server, StaticFiles } = await import(staticBundleUrl);

export async function start(_, variant) {
  const options = { uncached: { cacheSize: 0 }, trusted: { revalidateAfter: 1_000 } }[variant] ?? {};
  const service = new StaticFiles("/", directory, options).intoResource().intoService();
  const { address } = await new Server().serve(service, "127.0.0.1:0");
  return address.port;
}
