import { connect } from "node:net";
import { _get, _requestReceiver, Resource, ResponseError } from "argania";
import { LoggerLayer, type LoggerLayerOptions, serviceLogger } from "argania/logger";
import { describe, expect, it } from "vitest";
import { withServer } from "../support/raw-http.ts";
import { capture, ERROR, INFO } from "./capture.ts";

function site(options: Omit<LoggerLayerOptions, "logger">) {
  const log = capture({ level: "info" });
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver(new LoggerLayer({ logger: log.logger, ...options })));
  root.setHandlerFor(
    _get.to(() => {
      throw new Error("boom");
    }),
  );
  root.subresource("/text").setHandlerFor(_get.to(() => "text"));
  return { log, root, service: root.intoService({ logger: serviceLogger(log.logger) }) };
}

describe("a line that is not written", () => {
  it.each(["silent", "debug"] as const)("leaves errors to the service's logger: level %s", async (level) => {
    const { log, service } = site({ level: () => level });
    expect((await service.request("/")).status).toBe(500);
    await service.request("/text");
    expect(log.lines()).toMatchObject([{ level: ERROR, error: { msg: "boom" }, msg: "A request failed" }]);
  });
});
