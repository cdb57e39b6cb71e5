import { _get, type ErrorReport, Server } from "argania";
import { describe, expect, test } from "vitest";
import { places } from "../middleware/layer-places.ts";
import { attackedContents } from "./attacks-on-contents.ts";
import { attackedGuards } from "./attacks-on-guards.ts";
import { checkAnswer } from "./check-answer.ts";
import type { Expectation } from "./hostile-case.ts";

const attacked = { ...attackedGuards, ...attackedContents };

describe.each(Object.entries(attacked))("%s", (_, { layers, handler, kind, options, ...cases }) => {
  test.each(Object.entries(places))("around the %s", async (__, serviceOf) => {
    const reports: ErrorReport[] = [];
    const logger = { error: (report: ErrorReport) => void reports.push(report) };
    let runs = 0;
    const counting: typeof handler = (context, args) => {
      runs++;
      return handler(context, args);
    };
    const service = serviceOf(layers, counting as never, kind ?? _get, { ...options, logger });
    const { address, close } = await new Server().withLogger(logger).serve(service, "127.0.0.1:0");
    const check = async (raw: string, { handlerRuns, ...expected }: Expectation) => {
      runs = 0;
      await checkAnswer({ host: address.host, port: address.port }, raw, expected);
      if (handlerRuns !== undefined) {
        expect(runs, raw.slice(0, 200)).toBe(handlerRuns);
      }
    };
    try {
      await check(...cases.good);
      for (const attack of cases.attacks) {
        await check(...attack);
      }
      await check(...cases.good);
    } finally {
      await close();
    }
    expect(reports).toEqual([]);
    expect(({} as Record<string, unknown>).userId).toBeUndefined();
  });
});
