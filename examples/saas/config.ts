import { fileURLToPath } from "node:url";
import { type AppConfig, type ConfigSources, loadConfig } from "argania/app";
import { z } from "zod";

const schema = z.object({
  /** Tenants are its subdomains. */
  domain: z.string().min(1),
  store: z.object({
    /** Where tenants are kept from one run to the next; `null` for memory alone. */
    file: z.string().nullable(),
    samples: z.boolean(),
  }),
  admin: z.object({ password: z.string().min(12) }),
});

export type SaasConfig = AppConfig<z.infer<typeof schema>>;

/** `config/default.json`, over it that of the environment, over it variables: `SAAS__STORE__FILE=/data/tenants.json`. */
export function readConfig(sources: ConfigSources = {}): Promise<SaasConfig> {
  return loadConfig({
    schema,
    dir: fileURLToPath(new URL("./config/", import.meta.url)),
    envPrefix: "SAAS",
    envNames: { PORT: "server.port", DOMAIN: "domain", ADMIN_PASSWORD: "admin.password" },
    ...sources,
  });
}
