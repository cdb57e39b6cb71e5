import { randomBytes } from "node:crypto";
import { ServeError, Server, type Service } from "argania";
import { Accounts } from "./accounts.ts";
import { buildSite } from "./build-site.ts";
import { readCookieKey, readPort, StartError } from "./settings.ts";
import { UploadStore } from "./upload-store.ts";
import { urlsToTry } from "./urls-to-try.ts";

try {
  const port = readPort(process.env);
  const [cookieKey, keyNote] = readCookieKey(process.env);
  const password = randomBytes(6).toString("hex");
  const accounts = await Accounts.create(["ada", "grace"], password);
  const uploads = await UploadStore.open();
  try {
    const service = buildSite({ port, log: console.log, cookieKey, accounts, uploads });
    await serve(service, port, `${urlsToTry(port, password)}\n\n${keyNote}`);
  } finally {
    await uploads.close();
  }
} catch (error) {
  console.error(error instanceof StartError ? error.message : error);
  process.exitCode = 1;
}

/** Until somebody ends the server and its last connection has gone. */
async function serve(service: Service, port: number, notes: string): Promise<void> {
  const { url, closed } = await new Server()
    .withGracefulShutdown(5_000)
    .serve(service, `127.0.0.1:${port}`)
    .catch((error) => {
      throw isPortTaken(error) ? new StartError(portTaken(port)) : error;
    });
  console.log(`${service.toString()}\n\n${notes}\n`);
  console.log(`Serving on ${url}, for this machine only. Ctrl-C ends it.`);
  await closed;
  console.log("Closed.");
}

function isPortTaken(error: unknown): boolean {
  return (
    error instanceof ServeError &&
    error.failures.some(({ reason }) => "code" in reason && reason.code === "EADDRINUSE")
  );
}

function portTaken(port: number): string {
  return `Port ${port} is taken. Choose another one: PORT=${port < 65_535 ? port + 1 : 8081} npm start`;
}
