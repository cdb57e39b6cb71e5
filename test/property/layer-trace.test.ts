import { around, ExtensionKey, type Layer, type LayerFunction } from "argania";
import fc from "fast-check";
import { expect, test } from "vitest";
import { routers } from "./arbitraries.ts";
import { answerOf, buildService, type MakeLayer } from "./build-tree.ts";
import { expectOutcome } from "./compare.ts";
import { answer, layerNames, type Outcome } from "./model.ts";
import { requestFor, requestPlans } from "./requests.ts";
import type { RouterSpec } from "./tree-spec.ts";

const trace = new ExtensionKey<string[]>("trace");

/** Records when it is entered and left; every other one does so asynchronously. */
function tracing(name: string, isAsync: boolean): Layer {
  if (isAsync) {
    return around(async (context, next) => {
      context.extensions.getOrThrow(trace).push(`> ${name}`);
      try {
        await null;
        return await next();
      } finally {
        context.extensions.getOrThrow(trace).push(`< ${name}`);
      }
    });
  }
  const layer: LayerFunction = (handler) => (context, args) => {
    const events = context.extensions.getOrThrow(trace);
    const leave = () => events.push(`< ${name}`);
    events.push(`> ${name}`);
    try {
      const response = handler(context, args);
      if (response instanceof Promise) {
        return response.finally(leave);
      }
      leave();
      return response;
    } catch (error) {
      leave();
      throw error;
    }
  };
  return layer;
}

/** The first layer of the router makes the trace, for the test and for the layers inside. */
function tracingService(
  spec: RouterSpec,
  onStart: (events: string[]) => void,
  isAsync: (name: string) => boolean,
) {
  const start = around((context, next) => {
    const events: string[] = [];
    context.extensions.set(trace, events);
    onStart(events);
    return next();
  });
  const makeLayer: MakeLayer = (name) => (name === START ? start : tracing(name, isAsync(name)));
  return buildService({ ...spec, layers: spec.layers + 1 }, makeLayer);
}

const [START = ""] = layerNames("router", "passer", 1);

/** As the model has it, without the layer that only starts the trace. */
function expectedTrace({ entered }: Outcome): string[] {
  const names = entered.filter((name) => name !== START);
  return [...names.map((name) => `> ${name}`), ...names.toReversed().map((name) => `< ${name}`)];
}

test("whatever answers, the layers on the way to it have run, in order, and none beside", async () => {
  let longest = 0;
  await fc.assert(
    fc.asyncProperty(
      routers(true),
      fc.array(requestPlans, { minLength: 1, maxLength: 12 }),
      fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
      async (spec, plans, asyncness) => {
        let events: string[] = [];
        let count = 0;
        const service = tracingService(
          spec,
          (started) => {
            events = started;
          },
          () => asyncness[count++ % asyncness.length] === true,
        );
        for (const plan of plans) {
          events = [];
          const request = requestFor(spec, plan);
          const expected = answer({ ...spec, layers: spec.layers + 1 }, request);
          await expectOutcome(service, request, expected);
          expect(events).toEqual(expectedTrace(expected));
          longest = Math.max(longest, events.length);
        }
      },
    ),
    { numRuns: 250 },
  );
  expect(longest).toBeGreaterThan(12);
});

/** Calls what is inside twice, and gives the second answer if it is the same as the first. */
const twice = around(async (_context, next) => {
  const attempt = async () => {
    try {
      const response = await next();
      const { status, headers } = response;
      return { seen: [status, answerOf(response), headers.get("location")], give: () => response };
    } catch (error) {
      const fail = () => {
        throw error;
      };
      return { seen: [(error as Error).name, (error as { headers?: unknown }).headers], give: fail };
    }
  };
  const first = await attempt();
  const second = await attempt();
  expect(second.seen).toEqual(first.seen);
  return second.give();
});

test("a layer that calls next() twice gets the same answer twice", async () => {
  await fc.assert(
    fc.asyncProperty(
      routers(true),
      fc.array(requestPlans, { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(4), { minLength: 1, maxLength: 9 }),
      async (spec, plans, choices) => {
        let count = 0;
        const sometimesTwice: MakeLayer = (name) =>
          choices[count++ % choices.length] === 0 ? twice : tracing(name, false);
        const service = buildService({ ...spec, layers: spec.layers + 1 }, (name) =>
          name === START
            ? around((context, next) => {
                context.extensions.set(trace, []);
                return next();
              })
            : sometimesTwice(name),
        );
        for (const plan of plans) {
          const request = requestFor(spec, plan);
          await expectOutcome(service, request, answer(spec, request));
        }
      },
    ),
    { numRuns: 250 },
  );
});
