import { App, type ServerConfig } from "argania/app";
import { assertType, type Equal } from "./expect-type.ts";

// The section server is checked as it is at run time, wherever the configuration is written.
// @ts-expect-error there is no option prt
new App({ config: { server: { prt: 1 } }, routes() {} });
// @ts-expect-error there is no option prt beside others
new App({ config: { server: { port: 1, prt: 1 } }, routes() {} });
// @ts-expect-error nor where there are other sections
new App({ config: { database: { url: "x" }, server: { port: 1, prt: 1 } }, routes() {} });
const misspelled = { database: { url: "x" }, server: { port: 1, prt: 1 } };
// @ts-expect-error nor in a constant
new App({ config: misspelled, routes() {} });
// @ts-expect-error a port is a number
new App({ config: { server: { port: "80" } }, routes() {} });
// @ts-expect-error a layer has options, or is switched on or off
new App({ config: { server: { middlewares: { cors: 1 } } }, routes() {} });

// What holds keeps its type.
const app = new App({
  config: { database: { url: "x" }, server: { port: 1, workers: "auto" } },
  routes(_, { config }) {
    assertType<Equal<typeof config.database.url, string>>();
    assertType<Equal<typeof config.server.port, number>>();
  },
});
assertType<Equal<typeof app.config.database.url, string>>();

interface Shop {
  readonly database: { readonly url: string };
}
declare const shop: Shop;
declare const whole: Shop & { readonly server: ServerConfig };
declare const partly: { readonly server?: ServerConfig };
declare const named: { readonly [name: string]: object };
declare const record: Readonly<Record<string, unknown>> & { readonly server: ServerConfig };
const apps: App[] = [
  new App({ config: shop, routes() {} }),
  new App({ config: whole, routes() {} }),
  new App({ config: partly, routes() {} }),
  new App({ config: named, routes() {} }),
  new App({ config: record, routes() {} }),
  new App({ config: {}, routes() {} }),
  new App<Shop>({ config: shop, routes() {} }),
];
apps.pop();
