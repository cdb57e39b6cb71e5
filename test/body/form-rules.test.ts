import { formBody, textBody } from "argania";
import "argania/fastest-validator";
import { expect, test } from "vitest";
import * as z from "zod";
import { jsonApp, post } from "./json-app.ts";

const FORM = { "content-type": "application/x-www-form-urlencoded" };

test("rules of fastest-validator make numbers, booleans and arrays of the fields of a form", async () => {
  const rules = {
    age: "number",
    news: { type: "boolean", default: false },
    tags: { type: "array", items: "string" },
  } as const;
  const app = jsonApp(formBody(rules));
  const answer = await post(app, "age=42&news=true&tags=a&tags=b", FORM);
  expect(answer.body).toEqual({ value: { age: 42, news: true, tags: ["a", "b"] } });
  expect((await post(app, "age=1&tags=a", FORM)).body).toEqual({
    value: { age: 1, news: false, tags: ["a"] },
  });
  expect(await post(app, "age=old&tags=a", FORM)).toMatchObject({
    status: 400,
    body: { code: "ARGANIA_FORM", issues: [{ path: "age" }] },
  });
});

test("a schema of zod does so when it coerces", async () => {
  const app = jsonApp(formBody(z.object({ age: z.coerce.number(), name: z.string() })));
  expect((await post(app, "age=42&name=x", FORM)).body).toEqual({ value: { age: 42, name: "x" } });
  expect((await post(app, "age=x", FORM)).body).toMatchObject({
    issues: [{ path: "age" }, { path: "name" }],
  });
});

test("a text has a schema of zod", async () => {
  const app = jsonApp(textBody(z.string().trim().min(2)));
  expect((await post(app, " ab ", { "content-type": "text/plain" })).body).toEqual({ value: "ab" });
  expect(await post(app, " a ", { "content-type": "text/plain" })).toMatchObject({
    status: 400,
    body: { code: "ARGANIA_TEXT", issues: [{ path: "" }] },
  });
});
