import { _requestReceiver, type Service, type ServiceOptions } from "argania";
import { CompressionLayer, SecurityHeadersLayer } from "argania/middleware";
import { StaticFiles } from "argania/static";
import { buildApi } from "./build-api.ts";
import { buildLegacyExpress } from "./legacy-express.ts";
import { buildLegacyHono } from "./legacy-hono.ts";
import { NoteStore, sampleNotes } from "./note-store.ts";
import { type Summarize, slowSummary } from "./summary.ts";

export interface SiteOptions extends ServiceOptions {
  /** The origin of a second front end, as browsers write it. */
  readonly origin: string;
  readonly summarize?: Summarize;
}

/** Files at the root, the API below `/api`, and what is left of two older apps below `/legacy`. */
export function buildSite({ origin, summarize = slowSummary, ...options }: SiteOptions): Service {
  const root = new StaticFiles("/", new URL("./public/", import.meta.url), {
    spaFallback: "index.html", // for paths that only the app in the browser knows
    immutable: true, // names with a hash in them, app-3f9a1c2b.js: kept for a year
  }).intoResource();
  root.addLayerTo(_requestReceiver([new SecurityHeadersLayer(), new CompressionLayer()]));
  root.addSubresource([
    buildApi(new NoteStore(sampleNotes), origin, summarize),
    buildLegacyExpress(),
    buildLegacyHono(),
  ]);
  return root.intoService(options);
}
