import { createInterface } from "node:readline";
import { _get, Resource, Server, type ServerHandle } from "argania";

// A program whose requests and signals its test controls: `release` on standard input answers the held requests.

const { GRACE = "5000", MODE = "", HTTP2 = "" } = process.env;
const input = createInterface({ input: process.stdin });
(process.stdin as unknown as { unref(): void }).unref();
const released = new Promise<void>((resolve) => input.on("line", (line) => line === "release" && resolve()));

const root = new Resource("/");
root.setHandlerFor(_get.to(() => "root"));
let held = 0;
root.subresource("/held").setHandlerFor(
  _get.to(async (context) => {
    context.signal.addEventListener("abort", () => console.log("aborted"));
    console.log(`held ${++held}`);
    await released;
    return `held ${"x".repeat(20_000)} whole`;
  }),
);
root.subresource("/events").setHandlerFor(
  _get.to(async function* ({ signal }) {
    signal.addEventListener("abort", () => console.log("stream aborted"));
    try {
      for (;;) {
        yield "data: tick\n\n";
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    } finally {
      console.log("returned");
    }
  }),
);
root.subresource("/orphan").setHandlerFor(
  _get.to(() => {
    Promise.reject(new Error("nobody awaits this"));
    return "orphan";
  }),
);

function server(): Server {
  const made = HTTP2 === "" ? new Server() : new Server().withHttp2();
  made.withUnhandledRejections(MODE === "crash" ? "crash" : "log").withLimits({ keepAliveTimeout: 0 });
  return MODE === "no-signals" ? made : made.withGracefulShutdown(Number(GRACE));
}

const handles: ServerHandle[] = [await server().serve(root.intoService(), "127.0.0.1:0")];
if (MODE === "two") {
  handles.push(
    await server().serve(new Resource("/").setHandlerFor(_get.to(() => "two")).intoService(), "127.0.0.1:0"),
  );
}
if (MODE === "kept-alive" || MODE === "exit-code") {
  setInterval(() => {}, 1_000);
  process.exitCode = MODE === "exit-code" ? 3 : undefined;
}
process.on("exit", () => console.log(`listeners ${process.listenerCount("SIGTERM")}`));
console.log(`ports ${handles.map(({ address }) => address.port).join(" ")};`);
input.on("line", (line) => line === "close" && handles.map(({ close }) => close()));
await Promise.all(handles.map(({ closed }) => closed));
console.log("closed");
