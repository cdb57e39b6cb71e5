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
  return { log, root };
}

describe("a line that is not written", () => {
  it.each(["silent", "debug"] as const)("leaves errors to the service's logger: level %s", async (level) => {
    const { log, root } = site({ level: () => level });
    const service = root.intoService({ logger: serviceLogger(log.logger) });
    expect((await service.request("/")).status).toBe(500);
    await service.request("/text");
    expect(log.lines()).toMatchObject([{ level: ERROR, error: { msg: "boom" }, msg: "A request failed" }]);
  });
});

describe("a refusal whose client has gone", () => {
  it("is no error of the server", async () => {
    const { log, root } = site({});
    let leave = () => {};
    root.subresource("/never").setHandlerFor(_get.to(() => new Promise<string>(() => {})));
    root.subresource("/refused").setHandlerFor(
      _get.to(() => {
        setImmediate(leave);
        throw new ResponseError(409);
      }),
    );
    const service = root.intoService({ logger: serviceLogger(log.logger) });
    await withServer(service, async (port) => {
      // The refusal waits for the response in front of it.
      const client = connect(port, "127.0.0.1").on("error", () => {});
      leave = () => client.destroy();
      client.write("GET /never HTTP/1.1\r\nhost: a\r\n\r\nGET /refused HTTP/1.1\r\nhost: a\r\n\r\n");
      await log.line(1);
    });
    expect(log.lines().find(({ path }) => path === "/refused")).toMatchObject({
      level: INFO,
      aborted: true,
      msg: "request aborted",
    });
  });
});
