import { around, ExtensionKey, type Layer, NotFoundResourceError } from "argania";
import type { Tenant } from "./tenant.ts";
import type { TenantStore } from "./tenant-store.ts";

/** Whose host it is, for everything behind `loadTenant`. */
export const tenantKey: ExtensionKey<Tenant> = new ExtensionKey<Tenant>("tenant");

/** Finds the tenant of `{tenant}.example.com` once, for everything below. A tenant that does not exist has no resources. */
export function loadTenant(tenants: TenantStore): Layer {
  return around(async function findTenant(context, next) {
    const tenant = await tenants.find(context.params.tenant ?? "");
    if (tenant === undefined) {
      throw new NotFoundResourceError("There is no such tenant.");
    }
    context.extensions.set(tenantKey, tenant);
    return next();
  });
}
