import { Host } from "argania";
import { App } from "argania/app";
import { createLogger, type PinoLogger, serviceLogger } from "argania/logger";
import { buildAdminSite } from "./admin-site.ts";
import type { SaasConfig } from "./config.ts";
import { buildMarketingSite } from "./marketing-site.ts";
import { middlewares } from "./middlewares.ts";
import { store } from "./store-initializer.ts";
import { buildTenantSite } from "./tenant-site.ts";

/** The whole program: a host for admins, one for each tenant, and a site for all other hosts. */
export function buildApp(config: SaasConfig, logger: PinoLogger = createLogger()) {
  return new App({
    config,
    logger: serviceLogger(logger),
    initializers: [store],
    middlewares: middlewares(logger),
    routes: (router, { context: { tenants } }) => {
      const { domain, admin } = config;
      // A static host goes before one with params, wherever it stands: no tenant can be "admin".
      router.addHost([
        new Host(`admin.${domain}`, buildAdminSite(tenants, admin.password)),
        new Host(`{tenant}.${domain}`, buildTenantSite(tenants)),
      ]);
      router.addResource(buildMarketingSite(tenants, domain));
    },
  });
}
