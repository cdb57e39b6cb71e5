import { _get, _requestReceiver, Resource } from "argania";
import { LoggerLayer, serviceLogger } from "argania/logger";
import { RequestIdLayer } from "argania/middleware";
import { webSocketUpgrade } from "argania/websocket";
import { expect, it } from "vitest";
import { WebSocket } from "ws";
import { withServer } from "../support/raw-http.ts";
import { capture, ERROR, INFO } from "./capture.ts";

it("of a connection that fails after its upgrade, the line has what that of its request has", async () => {
  const log = capture();
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver([new RequestIdLayer(), new LoggerLayer({ logger: log.logger })]));
  root.subresource("/rooms/{room}").setHandlerFor(
    _get.to([webSocketUpgrade()], (switchTo) =>
      switchTo(async () => {
        throw new Error("boom");
      }),
    ),
  );
  const service = root.intoService({ logger: serviceLogger(log.logger) });
  await withServer(service, async (port) => {
    const client = new WebSocket(`ws://127.0.0.1:${port}/rooms/7?key=secret`);
    await new Promise((resolve) => client.once("close", resolve));
    const request = await log.line();
    const failure = await log.line(1);
    const { requestId, host } = request as Record<string, unknown>;
    expect(requestId).toEqual(expect.any(String));
    expect(request).toMatchObject({ level: INFO, status: 101, route: "/rooms/{room}" });
    expect(failure).toMatchObject({
      level: ERROR,
      msg: "An upgraded connection failed",
      requestId,
      host,
      method: "GET",
      path: "/rooms/7",
      route: "/rooms/{room}",
      error: { msg: "boom" },
    });
  });
});
