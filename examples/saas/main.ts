import { ArganiaError } from "argania";
import { buildApp } from "./build-app.ts";
import { readConfig } from "./config.ts";

try {
  const config = await readConfig();
  const app = buildApp(config);
  const service = await app.service();
  const { url, address } = await app.run();
  const at = (host: string) => `http://${host}:${address.port}`;

  console.log(`${service.toString()}

  ${at(config.domain)}/          # the marketing site, and a form to sign up
  ${at(`acme.${config.domain}`)}/     # a tenant; so is globex
  ${at(`admin.${config.domain}`)}/    # name admin, password: admin.password in config/${app.environment}.json, or the variable ADMIN_PASSWORD
  curl -i ${at(`acme.${config.domain}`)}/tasks
  curl -i -H "content-type: application/json" -d '{"title":"Order fuel"}' ${at(`acme.${config.domain}`)}/tasks
  curl -i ${at(`nobody.${config.domain}`)}/   # 404

Serving on ${url}, in the environment "${app.environment}". Ctrl-C ends it.
`);
  await app.closed;
  console.log("Closed.");
} catch (error) {
  // What argania refuses, a taken port or a wrong option, says what to do: a stack says no more.
  console.error(error instanceof ArganiaError ? error.message : error);
  process.exitCode = 1;
}
