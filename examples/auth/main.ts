import { ArganiaError } from "argania";
import { buildApp } from "./build-app.ts";
import { readSecrets } from "./secrets.ts";

try {
  const secrets = readSecrets(process.env);
  const port = Number(process.env.PORT || 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new RangeError(`PORT is "${process.env.PORT}": use a number from 0 to 65535.`);
  }
  const app = buildApp(secrets, port);
  const service = await app.service();
  const { url } = await app.run();
  const json = `-H "content-type: application/json"`;

  console.log(`${service.toString()}

  ${url}/login      # as ada (admin) or grace (member), with the password ${secrets.password}
  ${url}/account    # who is logged in
  ${url}/admin      # 403 for grace
  curl -i ${json} -d '{"name":"ada","password":"${secrets.password}"}' ${url}/api/token
  curl -i -H "authorization: Bearer $TOKEN" ${url}/api/who-am-i
  curl -i -H "authorization: Bearer $TOKEN" ${json} -d '{"text":"Hello"}' ${url}/api/notes

Serving on ${url}, for this machine only. Ctrl-C ends it.
`);
  await app.closed;
  console.log("Closed.");
} catch (error) {
  // What argania refuses, a taken port or a wrong option, says what to do: a stack says no more.
  console.error(error instanceof ArganiaError || error instanceof RangeError ? error.message : error);
  process.exitCode = 1;
}
