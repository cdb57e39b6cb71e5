import { _get, type ErrorReport, type Extractor, headers, Resource } from "argania";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";

async function ask(extractor: unknown, sent: Record<string, string>) {
  const errors: unknown[] = [];
  const root = new Resource("/").setHandlerFor(_get.to([extractor as Extractor<unknown>], () => "fine"));
  const logger = { error: ({ err }: ErrorReport) => errors.push(err) };
  const response = await root.intoService({ logger }).request("/", { headers: sent });
  return { status: response.status, body: await response.text(), errors };
}

const upper: [string, unknown][] = [
  ["zod", headers(z.object({ "X-Tenant": z.string() }))],
  ["valibot", headers(v.object({ "X-Tenant": v.string() }))],
  ["arktype", headers(type({ "X-Tenant": "string" }))],
];

describe.each(upper)(
  "a schema of %s that wants a name in upper case, which no header has",
  (_, extractor) => {
    test("is the program's mistake, and no 400", async () => {
      const { status, body, errors } = await ask(extractor, { "X-Tenant": "acme" });
      expect(status).toBe(500);
      expect(body).not.toContain("tenant");
      expect(errors).toHaveLength(1);
      expect(String(errors[0])).toMatch(/headers wants "X-Tenant".*write "x-tenant"/);
    });
  },
);

test("a header that is missing, or an issue of one's own at such a name, is the client's", async () => {
  const schema = z
    .object({ "x-tenant": z.string() })
    .refine((given) => given["x-tenant"] === "acme", { path: ["X-Tenant"], message: "No." });
  for (const [sent, status] of [
    [{ "X-Tenant": "acme" }, 200],
    [{ "X-Tenant": "other" }, 400],
    [{}, 400],
  ] as const) {
    expect((await ask(headers(schema), sent)).status).toBe(status);
  }
});
