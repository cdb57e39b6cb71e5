import { _post, _put, BodyLimitError, bodyLimit, jsonBody, Resource } from "argania";
import { describe, expect, it } from "vitest";

const limits = new Resource("/");
limits.setProperty(bodyLimit.to(50));
const read = () => "read";
limits.setHandlerFor(_post.to([jsonBody], read), _put.to([jsonBody], read).withProperty(bodyLimit.to(20)));
limits.subresource("/inherits/deeply").setHandlerFor(_post.to([jsonBody], read));
limits
  .subresource("/own")
  .setProperty(bodyLimit.to(10))
  .setHandlerFor(_post.to([jsonBody], read));
limits
  .subresource("/extractor")
  .setProperty(bodyLimit.to(10))
  .setHandlerFor(_post.to([jsonBody.withLimit(30)], read));
limits.subresource("/none").setHandlerFor(_post.to([jsonBody.withLimit(0)], read));
const service = limits.intoService();

const send = (path: string, length: number, method = "POST") =>
  service.request(path, {
    method,
    headers: { "content-type": "application/json" },
    body: new TextEncoder().encode(`"${"a".repeat(length - 2)}"`),
  });

describe("the limit of bodies", () => {
  it.each([
    ["the node's own", "/", "POST", 50],
    ["the handler's", "/", "PUT", 20],
    ["inherited", "/inherits/deeply", "POST", 50],
    ["replaced further in", "/own", "POST", 10],
    ["the extractor's, which wins", "/extractor", "POST", 30],
  ])("is %s", async (_, path, method, limit) => {
    expect((await send(path, limit, method)).status).toBe(200);
    const answer = await send(path, limit + 1, method);
    expect([answer.status, await answer.json()]).toEqual([
      413,
      {
        type: "about:blank",
        title: "Content Too Large",
        status: 413,
        detail: `The body is larger than ${limit} bytes.`,
        code: "ARGANIA_BODY_LIMIT",
        limit,
      },
    ]);
  });

  it("may be none at all", async () => {
    expect((await send("/none", 2)).status).toBe(413);
  });

  it("is on the error, for layers", () => {
    expect(new BodyLimitError(7)).toMatchObject({ limit: 7, status: 413 });
  });

  it("is 1 MiB by default, and refused if it is no number of bytes", () => {
    expect([bodyLimit.defaultValue, bodyLimit.to(5).value]).toEqual([1_048_576, 5]);
    expect(() => bodyLimit.to("1mb" as never)).toThrow(
      /bodyLimit\.to\(…\) takes a number of bytes, not a string/,
    );
    expect(() => bodyLimit.to(Number.NaN)).toThrow(RangeError);
    expect(() => bodyLimit.to(-1)).toThrow(/from 0 on, not -1/);
  });
});
