import fc from "fast-check";
import { expect, test } from "vitest";
import { routers } from "./arbitraries.ts";
import { buildService } from "./build-tree.ts";
import { expectOutcome } from "./compare.ts";
import { answer } from "./model.ts";
import { requestFor, requestPlans } from "./requests.ts";

test("the tree router agrees with the model of CONTRACT §3", async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(
      routers(false),
      fc.array(requestPlans, { minLength: 1, maxLength: 12 }),
      async (spec, plans) => {
        const service = buildService(spec, () => {
          throw new Error("no layers here");
        });
        for (const plan of plans) {
          const request = requestFor(spec, plan);
          const expected = answer(spec, request);
          const kind = expected.by?.replace(/^n\d+ /, "") ?? String(expected.status);
          seen.set(kind, (seen.get(kind) ?? 0) + 1);
          await expectOutcome(service, request, expected);
        }
      },
    ),
    { numRuns: 500 },
  );
  // The generators must reach every kind of outcome, or the agreement says little.
  for (const kind of ["GET", "POST", "PURGE", "*", "mistargeted", "308", "400", "404", "405"]) {
    expect([kind, (seen.get(kind) ?? 0) >= 12]).toEqual([kind, true]);
  }
});
