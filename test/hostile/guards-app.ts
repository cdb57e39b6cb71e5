import { _get, _post, _put, _requestReceiver, around, Resource, ResponseError, Server } from "argania";
import { CorsLayer, CsrfLayer, SecurityHeadersLayer, TimeoutLayer } from "argania/middleware";
import type { Target } from "./raw-client.ts";

export interface GuardsApp extends Target {
  /** How often handlers and guards ran. */
  runs: number;
  readonly reports: unknown[];
  close(): Promise<void>;
}

/** What the setup of the data asks for: CORS on all, CSRF on `/form`; beside it a guard and the other layers. */
export async function startGuardsApp(): Promise<GuardsApp> {
  const reports: unknown[] = [];
  const logger = { error: (report: unknown) => void reports.push(report) };
  const count = (text: string) => () => {
    app.runs++;
    return text;
  };
  const root = new Resource("/").setHandlerFor(_get.to(count("root")), _put.to(count("put")));
  root.addLayerTo(
    _requestReceiver([
      new SecurityHeadersLayer(),
      new CorsLayer({
        origins: ["https://good.example", "https://*.sub.example", /^https:\/\/[a-z]+-app\.example$/],
        credentials: true,
        exposedHeaders: ["X-Total"],
      }),
      new TimeoutLayer(10_000),
    ]),
  );
  root
    .subresource("/form")
    .addLayerTo(_requestReceiver(new CsrfLayer()))
    .setHandlerFor(_post.to(count("posted")));
  const guard = around(() => {
    app.runs++;
    throw new ResponseError(401);
  });
  root
    .subresource("/admin")
    .addLayerTo(_requestReceiver(guard))
    .setHandlerFor(_get.to(count("admin")));
  const server = new Server().withLogger(logger);
  const { address, close } = await server.serve(root.intoService({ logger }), "127.0.0.1:0");
  const app: GuardsApp = { runs: 0, reports, host: address.host, port: address.port, close };
  return app;
}
