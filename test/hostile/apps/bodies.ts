import {
  _get,
  _post,
  _requestReceiver,
  binaryBody,
  formBody,
  fullBody,
  json,
  jsonBody,
  Resource,
  Server,
  textBody,
} from "argania";
import { RequestDecompressionLayer } from "argania/middleware";

// A program that reads bodies of every kind, compressed or not, and keeps what it read for a while, as one that waits for
// its database does.

const root = new Resource("/").addLayerTo(_requestReceiver(new RequestDecompressionLayer()));
root.setHandlerFor(_get.to(() => "root"));
root.subresource("/json").setHandlerFor(_post.to([jsonBody], (value) => json(value)));
root.subresource("/form").setHandlerFor(_post.to([formBody], (value) => json(value)));
root.subresource("/text").setHandlerFor(_post.to([textBody], (value) => value));
root.subresource("/binary").setHandlerFor(_post.to([binaryBody], (value) => value));
root.subresource("/full").setHandlerFor(_post.to([fullBody], (value) => value));
root.subresource("/slow").setHandlerFor(
  _post.to([jsonBody], async (value) => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    return `${(value as unknown[]).length}`;
  }),
);
root.subresource("/memory").setHandlerFor(
  _get.to(() => {
    (globalThis as { gc?: () => void }).gc?.();
    return String(process.memoryUsage().rss);
  }),
);
root
  .subresource("/polluted")
  .setHandlerFor(
    _get.to(() =>
      JSON.stringify([({} as { polluted?: unknown }).polluted === undefined, Object.keys(Object.prototype)]),
    ),
  );

let reports = 0;
const logger = {
  error: (report: { readonly err: unknown }) => {
    // Those are told on purpose.
    if ((report.err as { code?: string }).code !== "ARGANIA_BODY_MEMORY") {
      reports++;
    }
  },
};
root.subresource("/reports").setHandlerFor(_get.to(() => String(reports)));
process.on("unhandledRejection", (error) => console.log("unhandled", error));
process.on("warning", (warning) => console.log("warning", warning.message));
const { address } = await new Server().withLogger(logger).serve(root.intoService({ logger }), "127.0.0.1:0");
console.log(`port ${address.port};`);
