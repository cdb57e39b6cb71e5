import type { Service } from "argania";
import fc from "fast-check";
import { expect, test } from "vitest";
import { routers } from "./arbitraries.ts";
import { answerOf, buildService } from "./build-tree.ts";
import { send } from "./compare.ts";
import { parseTarget } from "./model.ts";
import { encodeWith, encodings, requestFor, requestPlans } from "./requests.ts";
import type { NodeSpec, RequestSpec, RouterSpec } from "./tree-spec.ts";

const noLayers = () => {
  throw new Error("no layers here");
};

test("however a path is encoded, it reaches the same resource with the same params and path", async () => {
  let reached = 0;
  await fc.assert(
    fc.asyncProperty(
      routers(false),
      fc.array(fc.tuple(requestPlans, encodings, encodings), { minLength: 1, maxLength: 10 }),
      async (spec, plans) => {
        const service = buildService(spec, noLayers);
        for (const [plan, one, other] of plans) {
          const request = requestFor(spec, plan);
          const path = parseTarget(request.target);
          if (path === null) {
            continue;
          }
          const targets = [one, other].map((encoding) => {
            const encoded = path.segments.map((segment) => encodeWith(segment, encoding));
            return `/${encoded.join("/")}${path.slash ? "/" : ""}${path.search}`;
          });
          const results = await Promise.all(
            [request.target, ...targets].map(async (target) => {
              const response = await send(service, { ...request, target });
              const { status, headers } = response;
              return {
                status,
                answer: answerOf(response),
                location: headers.get("location"),
                allow: headers.get("allow"),
              };
            }),
          );
          const [first] = results;
          reached += first?.answer ? 1 : 0;
          expect(results).toEqual([first, first, first]);
        }
      },
    ),
    { numRuns: 200 },
  );
  expect(reached).toBeGreaterThan(60);
});

const ORIGIN = "http://origin.test";

test("a slash redirect settles in one step, keeps the query and stays on its origin", async () => {
  let redirected = 0;
  await fc.assert(
    fc.asyncProperty(
      routers(false).map(asRedirecting),
      fc.array(fc.tuple(requestPlans, queries()), { minLength: 1, maxLength: 10 }),
      async (spec, plans) => {
        const service = buildService(spec, noLayers);
        for (const [plan, search] of plans) {
          for (const slash of ["", "/"]) {
            const request = requestFor(spec, { ...plan, slash, search, host: "localhost" });
            const response = await send(service, request);
            const location = response.headers.get("location");
            if (location !== null) {
              redirected++;
              expect(response.status).toBe(308);
              await expectSettled(service, request, location, search);
            }
          }
        }
      },
    ),
    { numRuns: 250 },
  );
  expect(redirected).toBeGreaterThan(80);
});

async function expectSettled(service: Service, request: RequestSpec, location: string, search: string) {
  expect(location).toMatch(/^\/(?![/\\])[!-~]*$/);
  expect(new URL(location, ORIGIN).origin).toBe(ORIGIN);
  expect(location.slice(location.indexOf("?") + 1 || location.length)).toBe(search.slice(1));
  const settled = await send(service, { ...request, target: location });
  expect(settled.status).not.toBe(308);
  // A browser resolves it first: that must not lead elsewhere either.
  const resolved = new URL(location, ORIGIN);
  const followed = await send(service, { ...request, target: resolved.pathname + resolved.search });
  expect([followed.status, answerOf(followed)?.by]).toEqual([settled.status, answerOf(settled)?.by]);
}

/** One tree, in which every resource redirects. */
function asRedirecting({ hosts, hostless, layers }: RouterSpec): RouterSpec {
  const redirecting = (node: NodeSpec): NodeSpec => ({
    ...node,
    symbol: "",
    methods: node.methods.length === 0 ? ["GET"] : node.methods,
    children: node.children.map(redirecting),
  });
  const root = hostless ?? hosts[0]?.root ?? null;
  return { layers, hosts: [], hostless: root && redirecting(root) };
}

/** Whatever a client may send as a query: visible ASCII without "#". */
function queries(): fc.Arbitrary<string> {
  const visible = Array.from({ length: 94 }, (_, index) => String.fromCharCode(0x21 + index));
  const characters = visible.filter((character) => character !== "#");
  const query = fc.string({ unit: fc.constantFrom(...characters, "%0d", "%2F", "//", "\\"), maxLength: 12 });
  return fc.oneof(
    fc.constant(""),
    query.map((text) => (text === "" ? "" : `?${text}`)),
  );
}
