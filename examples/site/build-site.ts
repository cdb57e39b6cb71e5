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
import type { CookieKey } from "argania/cookies";
import type { Accounts } from "./accounts.ts";
import { publishChanges } from "./book-events.ts";
import { BookStore, sampleBooks } from "./book-store.ts";
import { buildBooksApi } from "./books-api.ts";
import { buildChat } from "./chat.ts";
import { ChatRoom } from "./chat-room.ts";
import { problemJsonLayer } from "./error-layers.ts";
import { logRequests } from "./log-requests.ts";
import { buildLogin, buildLogout } from "./login.ts";
import { buildMembers } from "./members.ts";
import { buildPageApi } from "./page-api.ts";
import { buildPageApp } from "./page-app.ts";
import { buildTenantSite } from "./tenant-site.ts";
import type { UploadStore } from "./upload-store.ts";
import { buildUploads } from "./uploads.ts";

export interface SiteOptions extends ServiceOptions {
  /** Where the site is served; the hosts are known from their names. */
  readonly port: number;
  /** Called with one line for each request. */
  readonly log: (line: string) => void;
  /** Protects the cookie that says who is logged in. */
  readonly cookieKey: CookieKey;
  readonly accounts: Accounts;
  readonly uploads: UploadStore;
}

/** The whole site as a service: one router, three hosts, and a redirect for every other host. */
export function buildSite({ port, log, cookieKey, accounts, uploads, ...options }: SiteOptions): Service {
  const store = new BookStore(sampleBooks);
  const changes = publishChanges(store);
  const signals = new RequestSignals();
  logRequests(signals, log);

  const api = new Resource("/");
  api.addLayerTo(_requestReceiver(problemJsonLayer));
  api.addSubresource(buildBooksApi(store, changes));

  const pages = buildPageApp(cookieKey, [
    buildPageApi(store, changes),
    buildLogin(accounts, "/members"),
    buildLogout(),
    buildMembers([buildUploads(uploads), buildChat(new ChatRoom())]),
  ]);

  const router = new Router();
  router.addLayerTo(_requestPasser(new RequestSignalsLayer(signals)));
  router.addHost([new Host("api.localhost", api), new Host("localhost", pages)]);
  router.addResource([buildTenantSite(), buildOtherHosts(`http://localhost:${port}`)]);
  return router.intoService(options);
}

/** The tree without a host: `http://127.0.0.1:8080/app` leads to `http://localhost:8080/app`. */
function buildOtherHosts(origin: string): Resource<"/"> {
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver(RedirectionLayer.temporaryToPrefix(origin)));
  return root;
}
