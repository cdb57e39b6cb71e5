import { _get, _head, Resource, respond } from "argania";
import { expect, test } from "vitest";

const lengthOf = async (headers: [string, string][], body: string | null, method = "GET") => {
  const root = new Resource("/");
  const answer = () => {
    const response = respond(200, body);
    for (const [name, value] of headers) {
      response.headers.append(name, value);
    }
    return response;
  };
  root.setHandlerFor([_get.to(answer), _head.to(answer)]);
  const response = await root.intoService().fetch(new Request("http://x/", { method }));
  return response.headers.get("content-length");
};

test.each(["2", "200"])("a whole body goes out with its own length, not with %s", async (wrong) => {
  expect(await lengthOf([["content-length", wrong]], "whole")).toBe("5");
  expect(await lengthOf([["content-length", wrong]], "whole", "HEAD")).toBe("5");
  const cookies: [string, string][] = [
    ["set-cookie", "a=1"],
    ["set-cookie", "b=2"],
  ];
  expect(await lengthOf([...cookies, ["content-length", wrong]], "whole")).toBe("5");
  expect(await lengthOf([["content-length", wrong]], null)).toBe("0");
});

test("HEAD that is answered without a body tells the length that it would have", async () => {
  expect(await lengthOf([["content-length", "7"]], null, "HEAD")).toBe("7");
});
