import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { _get, Resource, ServeError, Server, type ServerHandle, type Service } from "argania";

// A program with workers that its test controls: held requests are answered when the file RELEASE is there, and the
// process that starts the workers, which alone reads standard input, closes on `close`. Its main function is none of
// ECMAScript's top level, so that it can be built as CommonJS, too.

const {
  ADDRESS = "127.0.0.1:0",
  GRACE = "5000",
  MODE = "",
  RELEASE = "/nowhere",
  TLS = "",
  WORKERS = "2",
} = process.env;
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
let number: number | null = null;

function service(): Service {
  const root = new Resource("/");
  root.setHandlerFor(_get.to(() => `worker ${number} process ${process.pid};`));
  root.subresource("/held").setHandlerFor(
    _get.to(async () => {
      console.log(`held by ${number};`);
      while (!existsSync(RELEASE)) {
        await sleep(10);
      }
      return `held ${"x".repeat(20_000)} whole`;
    }),
  );
  root.subresource("/throw").setHandlerFor(
    _get.to(() => {
      setImmediate(() => {
        throw new Error("nobody catches this");
      });
      return sleep(60_000);
    }),
  );
  root.subresource("/orphan").setHandlerFor(
    _get.to(() => {
      Promise.reject(new Error("nobody awaits this"));
      return "orphan";
    }),
  );
  root.subresource("/block").setHandlerFor(
    _get.to(() => {
      console.log(`blocked ${number};`);
      for (;;) {}
    }),
  );
  root.subresource("/arguments").setHandlerFor(
    _get.to(() => {
      const { preloaded } = globalThis as { preloaded?: boolean };
      return JSON.stringify({ preloaded, execArgv: process.execArgv, argv: process.argv.slice(2) });
    }),
  );
  return root.intoService();
}

function server(workers = Number(WORKERS)): Server {
  const made = new Server().withWorkers(workers).withLimits({ keepAliveTimeout: 0 });
  made.withUnhandledRejections(MODE === "crash" ? "crash" : "log");
  if (TLS !== "") {
    const file = (name: string) => readFileSync(`${TLS}/${name}`);
    made.withHttp2().withTls({ key: file("key.pem"), cert: file("cert.pem") });
  }
  return MODE === "no-signals" ? made : made.withGracefulShutdown(Number(GRACE));
}

const isWorker = process.env.WORKER_OF_ARGANIA !== undefined;

async function serveAll(): Promise<ServerHandle[]> {
  if (isWorker && MODE === "dies-at-start") {
    process.exit(7);
  }
  if (MODE === "second-choice") {
    const first = await server()
      .serve(service(), ADDRESS)
      .catch((error: ServeError) => error);
    console.log(`first choice: ${(first as ServeError).code};`);
    return [await server().serve(service(), "127.0.0.1:0")];
  }
  const handles = [await server().serve(service(), ADDRESS.split(","))];
  if (MODE === "two") {
    handles.push(await server().serve(service(), ADDRESS));
    const refused = await server(3)
      .serve(service(), "127.0.0.1:0")
      .catch((error: Error) => error);
    console.log(`other number: ${(refused as Error).message};`);
  }
  if (isWorker && MODE === "dies-soon") {
    setTimeout(() => process.exit(9), 20);
  }
  if (isWorker && MODE === "kept-alive") {
    setInterval(() => {}, 1_000);
  }
  return handles;
}

async function main(): Promise<void> {
  const handles = await serveAll();
  number = handles[0]?.worker ?? null;
  const list = handles.map(({ address }) => address.port).join(" ");
  if (number !== null) {
    console.log(`worker ${number} process ${process.pid} serves ${list};`);
  } else {
    console.log(`ports ${list}; ${handles[0]?.url};`);
    const input = createInterface({ input: process.stdin });
    input.on("line", (line) => handles[line === "close second" ? 1 : 0]?.close());
    (process.stdin as unknown as { unref(): void }).unref();
    process.on("exit", () => console.log(`listeners ${process.listenerCount("SIGTERM")};`));
  }
  for (const [index, { closed }] of handles.entries()) {
    closed.then(() => console.log(`${number ?? "primary"} closed ${index + 1};`));
  }
}

main().catch((error) => {
  const failures = error instanceof ServeError ? error.failures : [];
  const codes = failures.map(({ reason }) => (reason as NodeJS.ErrnoException).code);
  console.log(`failed in ${isWorker ? "a worker" : "primary"}: ${error.code} [${codes}] ${error.message};`);
  process.exitCode = 1;
});
