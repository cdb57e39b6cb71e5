import { _get, attempt, type Extractor, Host, hostParams, json, pathParams, Resource, Router } from "argania";
import "argania/fastest-validator";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";

async function ask(extractor: Extractor<unknown, object>, path: string, pattern = "/u/{id}") {
  const errors: unknown[] = [];
  const root = new Resource("/");
  const user = root.subresource(pattern) as unknown as Resource;
  user.setHandlerFor(_get.to([extractor], (value) => json(value ?? null)));
  const router = new Router();
  router.addHost(new Host("{tenant}.a.test", root));
  const service = router.intoService({ logger: { error: ({ err }) => errors.push(err) } });
  const response = await service.request(`http://acme.a.test${path}`);
  return { status: response.status, body: await response.text(), error: errors[0] as Error | undefined };
}

describe("a schema that wants a param which the route does not have", () => {
  const later = (schema: z.ZodType) => schema.refine(async () => true);
  it.each<[string, Extractor<unknown, object>]>([
    ["zod", pathParams(z.object({ idd: z.coerce.number() }))],
    ["zod, with one that is there", pathParams(z.object({ id: z.string(), idd: z.string() }))],
    ["zod, asynchronous", pathParams(later(z.object({ idd: z.string() })))],
    ["zod, strict about its own", pathParams(z.looseObject({ idd: z.string() }))],
    ["valibot", pathParams(v.object({ idd: v.pipe(v.string(), v.transform(Number)) }))],
    ["arktype", pathParams(type({ idd: "string.integer.parse" }))],
    ["rules", pathParams({ idd: "number" })],
    ["rules with one that is there", pathParams({ id: "number", idd: "number" })],
  ])("is a 500 that names it: %s", async (_, extractor) => {
    const { status, body, error } = await ask(extractor, "/u/7");
    expect(status).toBe(500);
    expect(body).not.toContain("idd");
    expect(error).toMatchObject({
      name: "UnknownParamError",
      code: "ARGANIA_UNKNOWN_PARAM",
      message: 'The schema of pathParams wants "idd", but "/u/{id}" captures "tenant", "id".',
    });
  });

  it("is one of hostParams, too", async () => {
    const { status, error } = await ask(hostParams(z.object({ tenat: z.string() })), "/u/7");
    expect(status).toBe(500);
    expect(error?.message).toBe(
      'The schema of hostParams wants "tenat", but the pattern of the host captures "tenant".',
    );
  });

  it("which it may also refine", async () => {
    const schema = z.object({ id: z.string(), idd: z.string() }).refine(() => false, { path: ["idd"] });
    const { status, error } = await ask(pathParams(schema), "/u/7");
    expect([status, error?.name]).toEqual([500, "UnknownParamError"]);
  });

  it("is not hidden by attempt", async () => {
    const { status, error } = await ask(attempt(pathParams(z.object({ idd: z.string() }))), "/u/7");
    expect([status, error?.name]).toEqual([500, "UnknownParamError"]);
  });
});

describe("a value that does not fit is a 404", () => {
  const positive = z.coerce.number().positive();
  it.each<[string, Extractor<unknown, object>]>([
    ["of a param", pathParams(z.object({ id: positive }))],
    ["beside an unknown name", pathParams(z.object({ id: positive, idd: z.string() }))],
    [
      "with an issue at a name of the schema's own",
      pathParams(z.object({ id: z.string() }).refine(() => false, { path: ["range"] })),
    ],
    [
      "with an issue at a name that may be missing",
      pathParams(
        z.object({ id: z.string(), lang: z.string().optional() }).refine(() => false, { path: ["lang"] }),
      ),
    ],
    [
      "with one of valibot at a name that may be missing",
      pathParams(
        v.pipe(
          v.object({ id: v.string(), lang: v.optional(v.string()) }),
          v.forward(
            v.check(() => false),
            ["lang"],
          ),
        ),
      ),
    ],
    [
      "with one of arktype at a name that may be missing",
      pathParams(
        type({ id: "string", "lang?": "string" }).narrow((_, context) =>
          context.reject({ message: "no", path: ["lang"] }),
        ),
      ),
    ],
    [
      "with an issue at no name",
      pathParams(z.union([z.object({ id: positive }), z.object({ slug: z.string() })])),
    ],
    [
      "in one of two alternatives",
      pathParams([
        { $$type: "object", id: "number" },
        { $$type: "object", slug: "string" },
      ]),
    ],
    [
      "without one that may be missing",
      pathParams({ id: "number", page: { type: "number", optional: true } }),
    ],
    ["strict", pathParams(z.strictObject({ id: z.string() }))],
    [
      "of a schema that does not like proxies",
      pathParams({
        "~standard": {
          version: 1,
          vendor: "test",
          validate: (value: unknown) => {
            structuredClone(value);
            return { issues: [{ message: "no", path: ["idd"] }] };
          },
        },
      }),
    ],
  ])("%s", async (_, extractor) => {
    const { status, error } = await ask(extractor, "/u/x");
    expect([status, error]).toEqual([404, undefined]);
  });
});
