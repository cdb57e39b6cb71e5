import { _get, Resource } from "argania";
import { App, initializer, loadConfig } from "argania/app";

// A program whose initializers say what they do. MODE says what goes wrong.

const { MODE = "", CONFIG = "config" } = process.env;
const who = process.env.WORKER_OF_ARGANIA === undefined ? "app" : "worker";
const config = await loadConfig({ dir: CONFIG, envPrefix: "SHOP" });
const say = (what: string) => console.log(`${who} ${process.pid}: ${what};`);
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const migrations = initializer({
  name: "migrations",
  runsIn: "first",
  beforeRun: () => say("migrated"),
  onShutdown: () => say("migrations closed"),
});
const database = initializer({
  name: "database",
  beforeRun: async () => {
    say("opening");
    if (MODE === "stuck") {
      await later(60_000);
    }
    if (MODE === "slow-boot") {
      await later(300);
    }
    say("opened");
    return { db: { name: "db" } };
  },
  onShutdown: async ({ context }) => {
    say(`closing ${context.db.name}`);
    await later(MODE === "slow-close" ? 2_500 : 20);
    say("closed");
    if (MODE === "close-fails") {
      throw new Error("the database does not close");
    }
  },
});
const cache = initializer({
  name: "cache",
  beforeRun: () => {
    if (MODE === "boot-fails") {
      throw new Error("no cache");
    }
  },
  onShutdown: () => say("cache closed"),
});

const app = new App({
  config,
  initializers: [migrations, database, cache],
  routes: (router, { context }) => {
    say("routes");
    if (MODE === "routes-fail") {
      throw new Error("no routes");
    }
    router.resource("/").setHandlerFor(_get.to(() => `${context.db.name} ${process.pid}`));
    const held = new Resource("/held").setHandlerFor(
      _get.to(async () => {
        say("held");
        await later(200);
        return "held";
      }),
    );
    return held;
  },
});
if (MODE === "keeps-alive") {
  setInterval(() => {}, 1_000);
}
app.closed.then(() => say("app closed"));
const { url, worker } = await app.run(MODE === "address" ? process.env.ADDRESS : undefined);
say(`worker ${worker} serves ${url}`);
