import { _get, _requestReceiver, Resource, Server } from "argania";
import { createLogger, LoggerLayer, serviceLogger } from "argania/logger";

const logger = createLogger(process.env.PRETTY === undefined ? {} : { pretty: process.env.PRETTY === "1" });
const root = new Resource("/");
root.addLayerTo(_requestReceiver(new LoggerLayer(logger)));
root.subresource("/users/{id}").setHandlerFor(_get.to(({ params }) => params.id));
const handle = await new Server().serve(root.intoService({ logger: serviceLogger(logger) }), "127.0.0.1:0");
await (await fetch(`${handle.url}/users/7`)).text();
handle.close();
await handle.closed;
console.log("done");
