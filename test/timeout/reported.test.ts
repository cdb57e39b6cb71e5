import { _get, _requestReceiver, type ErrorReport, Resource } from "argania";
import { errorEntry } from "argania/logger";
import { TimeoutLayer } from "argania/middleware";
import { expect, it } from "vitest";

it("a timeout says in the log, and only there, whose it was and how long it is", async () => {
  const reports: ErrorReport[] = [];
  const root = new Resource("/");
  root.addLayerTo(_requestReceiver(new TimeoutLayer(7)));
  root.setHandlerFor(_get.to(() => new Promise<string>(() => {})));
  const service = root.intoService({ logger: { error: (report) => void reports.push(report) } });
  const response = await service.request("/");
  expect(response.status).toBe(503);
  expect(await response.text()).not.toContain("TimeoutLayer");
  expect(reports).toMatchObject([{ err: { cause: { message: "TimeoutLayer: 7 ms" } } }]);
  expect(errorEntry(reports[0]?.err)).toMatchObject({
    type: "HandlerTimeoutError",
    msg: "Service Unavailable",
    chain: [{ msg: "TimeoutLayer: 7 ms" }],
  });
});
