import { type AppScope, initializer } from "argania/app";
import type { SaasConfig } from "./config.ts";
import { sampleTenants, TenantStore } from "./tenant-store.ts";

/** Opens the store before there are routes, and closes it when the last connection has ended. */
export const store = initializer({
  name: "store",
  beforeRun: async ({ config }: AppScope<SaasConfig>) => ({
    tenants: await TenantStore.open(config.store.file, config.store.samples ? sampleTenants : []),
  }),
  onShutdown: ({ context }) => context.tenants.close(),
});
