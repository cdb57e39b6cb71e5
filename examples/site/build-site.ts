import {
  _requestPasser,
  _requestReceiver,
  Host,
  RedirectionLayer,
  RequestSignals,
  RequestSignalsLayer,
  Resource,
  Router,
  type Service,
  type ServiceOptions,
} from "argania";
import { BookStore, sampleBooks } from "./book-store.ts";
import { buildBooksApi } from "./books-api.ts";
import { problemJsonLayer } from "./error-layers.ts";
import { logRequests } from "./log-requests.ts";
import { buildPageApp } from "./page-app.ts";
import { buildTenantSite } from "./tenant-site.ts";

export interface SiteOptions extends ServiceOptions {
  /** Where the site is served; the hosts are known from their names. */
  readonly port: number;
  /** Called with one line for each request. */
  readonly log: (line: string) => void;
}

/** The whole site as a service: one router, three hosts, and a redirect for every other host. */
export function buildSite({ port, log, ...options }: SiteOptions): Service {
  const store = new BookStore(sampleBooks);
  const signals = new RequestSignals();
  logRequests(signals, log);

  const router = new Router();
  router.addLayerTo(_requestPasser(new RequestSignalsLayer(signals)));
  router.addHost([
    new Host("api.localhost", buildApiRoot(store)),
    new Host("localhost", buildPageApp(store)),
  ]);
  router.addResource([buildTenantSite(), buildOtherHosts(`http://localhost:${port}`)]);
  return router.intoService(options);
}

function buildApiRoot(store: BookStore): Resource<"/"> {
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver(problemJsonLayer));
  root.addSubresource(buildBooksApi(store));
  return root;
}

/** The tree without a host: `http://127.0.0.1:8080/app` leads to `http://localhost:8080/app`. */
function buildOtherHosts(origin: string): Resource<"/"> {
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver(RedirectionLayer.temporaryToPrefix(origin)));
  return root;
}
