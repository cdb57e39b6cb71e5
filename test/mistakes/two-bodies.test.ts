import {
  _post,
  attempt,
  binaryBody,
  formBody,
  fullBody,
  header,
  jsonBody,
  optional,
  Resource,
  textBody,
} from "argania";
import { multipartBody, multipartFields } from "argania/multipart";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const readers = {
  jsonBody,
  "jsonBody()": jsonBody(),
  "jsonBody(schema)": jsonBody(z.object({})),
  "jsonBody.withLimit(1)": jsonBody.withLimit(1),
  formBody: formBody.withFieldLimit(2),
  "textBody.withType(…)": textBody.withType("text/csv"),
  binaryBody,
  "fullBody()": fullBody(),
  multipartBody,
  "multipartBody(options)": multipartBody({ bodyLimit: 10 }),
  multipartFields,
  "multipartFields(schema)": multipartFields(z.object({})),
};

describe("two extractors that read the body are refused when the handler is made", () => {
  test.each(Object.entries(readers))("%s", (call, reader) => {
    const name = /^\w+/.exec(call)?.[0];
    const make = () => _post.to([header("x"), reader, textBody] as never, (() => "x") as never);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(`${name} and textBody in one .to([…], handler) would both read the body`);
    expect(() => _post.to([header("x"), reader] as never, (() => "x") as never)).not.toThrow();
  });
});

test("a body of either type is had with attempt or optional", async () => {
  const root = new Resource("/");
  root.setHandlerFor(
    _post.to([attempt(jsonBody), optional(textBody)], (json, text) =>
      json.ok ? { json: json.value } : { text },
    ),
  );
  const service = root.intoService();
  const send = async (type: string, body: string) =>
    (await service.request("/", { method: "POST", headers: { "content-type": type }, body })).json();
  expect(await send("application/json", "[1]")).toEqual({ json: [1] });
  expect(await send("text/plain", "t")).toEqual({ text: "t" });
});
