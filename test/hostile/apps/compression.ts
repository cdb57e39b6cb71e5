import { _get, _requestReceiver, Resource, respond, Server } from "argania";
import { CompressionLayer } from "argania/middleware";
import { activeEncoders } from "../../../src/data/compression/compressed.ts";

const noise = crypto.getRandomValues(new Uint8Array(65_536));
const text = { "content-type": "text/plain" };
let reports = 0;

/** Gives more than anybody takes, and nothing that shrinks. */
async function* endless() {
  for (;;) {
    yield noise;
  }
}

const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
root.subresource("/endless").setHandlerFor(_get.to(() => respond(text, endless())));
root.subresource("/large").setHandlerFor(_get.to(() => "All happy families are alike. ".repeat(20_000)));
root.addLayerTo(_requestReceiver(new CompressionLayer()));
root.subresource("/state").setHandlerFor(
  _get.to(() => {
    (globalThis as { gc?: () => void }).gc?.();
    return { rss: process.memoryUsage().rss, encoders: activeEncoders(), reports };
  }),
);
const logger = {
  error: () => {
    reports++;
  },
};
const { address } = await new Server().withLogger(logger).serve(root.intoService({ logger }), "127.0.0.1:0");
console.log(`port ${address.port}`);
