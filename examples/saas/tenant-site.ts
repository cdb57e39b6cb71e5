import { _get, _requestReceiver, html, Resource } from "argania";
import { escapeHtml, page } from "./html-page.ts";
import { loadTenant, tenantKey } from "./load-tenant.ts";
import { buildTasks } from "./tasks.ts";
import type { TenantStore } from "./tenant-store.ts";

/** The tree of every `{tenant}.example.com`. The layer is on its receiver: nothing in it runs without a tenant. */
export function buildTenantSite(tenants: TenantStore): Resource<"/"> {
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver(loadTenant(tenants)));
  const { tasks, task } = buildTasks();
  root.addSubresource(tasks);

  root.setHandlerFor(
    _get.to(({ extensions }) => {
      const tenant = extensions.getOrThrow(tenantKey);
      // href() knows the path of a resource, wherever it is put, and checks the params.
      const items = tenant.tasks.map(
        ({ id, title, isDone }) =>
          `<li><a href="${task.href({ id })}">${escapeHtml(title)}</a>${isDone ? " (done)" : ""}</li>`,
      );
      const all = tasks.href({}, { query: { open: "true" } });
      return html(
        page(
          tenant.name,
          `<h1>${escapeHtml(tenant.name)}</h1><ul>${items.join("")}</ul><a href="${all}">Open tasks</a>`,
        ),
      );
    }),
  );
  return root;
}
