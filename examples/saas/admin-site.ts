import {
  _delete,
  _get,
  _requestReceiver,
  html,
  json,
  NotFoundResourceError,
  Resource,
  StatusCode,
} from "argania";
import { BasicAuthLayer } from "argania/middleware";
import { escapeHtml, page } from "./html-page.ts";
import type { TenantStore } from "./tenant-store.ts";

/** The tree of `admin.example.com`. The guard is on its receiver: whatever is added below is guarded, too, its 404s included. */
export function buildAdminSite(tenants: TenantStore, password: string): Resource<"/"> {
  const auth = new BasicAuthLayer({ realm: "admin", users: { admin: password } });
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver(auth));

  const list = root.subresource("/tenants");
  const tenant = list.subresource("/{slug}");

  root.setHandlerFor(
    _get.to([auth.principal], async (name) => {
      const rows = (await tenants.list()).map(
        ({ slug, tasks }) =>
          `<tr><td><a href="${tenant.href({ slug })}">${escapeHtml(slug)}</a><td>${tasks.length} tasks`,
      );
      return html(page("Tenants", `<h1>Hello, ${escapeHtml(name)}</h1><table>${rows.join("")}</table>`));
    }),
  );
  list.setHandlerFor(_get.to(async () => json(await tenants.list())));
  tenant.setHandlerFor([
    _get.to(async ({ params }) => json((await tenants.find(params.slug)) ?? noTenant())),
    _delete.to(async ({ params }) =>
      (await tenants.remove(params.slug)) ? StatusCode.NO_CONTENT : noTenant(),
    ),
  ]);
  return root;
}

function noTenant(): never {
  throw new NotFoundResourceError("There is no such tenant.");
}
