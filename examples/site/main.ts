import { ServeError, Server } from "argania";
import { buildSite } from "./build-site.ts";
import { urlsToTry } from "./urls-to-try.ts";

const DEFAULT_PORT = 8080;

const port = readPort(process.env.PORT);
const service = buildSite({ port, log: console.log });

try {
  const { url, closed } = await new Server().withGracefulShutdown(5_000).serve(service, `127.0.0.1:${port}`);
  console.log(`${service.toString()}\n\n${urlsToTry(port)}\n`);
  console.log(`Serving on ${url}, for this machine only. Ctrl-C ends it.`);
  await closed;
  console.log("Closed.");
} catch (error) {
  if (!isPortTaken(error)) {
    throw error;
  }
  console.error(
    `Port ${port} is taken. Choose another one: PORT=${port < 65_535 ? port + 1 : 8081} npm start`,
  );
  process.exitCode = 1;
}

function readPort(value: string | undefined): number {
  const port = value === undefined || value === "" ? DEFAULT_PORT : Number(value);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    console.error(`PORT is "${value}": use a number from 1 to 65535.`);
    process.exit(1);
  }
  return port;
}

function isPortTaken(error: unknown): boolean {
  return (
    error instanceof ServeError &&
    error.failures.some(({ reason }) => "code" in reason && reason.code === "EADDRINUSE")
  );
}
