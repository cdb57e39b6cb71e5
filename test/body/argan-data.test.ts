import { readFileSync } from "node:fs";
import { _post, json, jsonBody, Resource, type StandardSchema } from "argania";
import { describe, expect, it } from "vitest";
import { parseRaw, rawRequest, sendRaw, withServer } from "../support/raw-http.ts";

interface DataCase {
  readonly id: string;
  readonly group: string;
  readonly tree: readonly { readonly pattern: string; readonly reads: string }[];
  readonly requests: readonly {
    readonly uri: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly expect: {
      readonly status: number;
      readonly headers: Record<string, string>;
      readonly json: unknown;
    };
  }[];
}

const file = new URL("../data/argan.json", import.meta.url);
/** Those of the group "data" that read JSON; the others read text, bytes and forms. */
const cases = (JSON.parse(readFileSync(file, "utf8")) as DataCase[]).filter(
  ({ group, tree }) => group === "data" && tree.every(({ reads }) => reads.startsWith("JSON")),
);

interface Login {
  some_id: number | null;
  readonly login: string;
  readonly password: string;
}

/** What the cases tell: `{some_id?: u32, login: string, password: string}`. */
const login: StandardSchema<unknown, Login> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value) => {
      const { some_id = null, login, password } = value as Login;
      const isValid = typeof login === "string" && typeof password === "string";
      return isValid ? { value: { some_id, login, password } } : { issues: [{ message: "No login." }] };
    },
  },
};
const service = new Resource("/j")
  .setHandlerFor(_post.to([jsonBody(login)], (value) => json({ ...value, some_id: 1 })))
  .intoService();

describe.each(cases)("data $id", ({ requests }) => {
  it.each(requests)("POST $uri", async ({ uri, headers, body, expect: expected }) => {
    const inProcess = await service.request(uri, {
      method: "POST",
      headers,
      body: new TextEncoder().encode(body),
    });
    expect([inProcess.status, await inProcess.json()]).toEqual([expected.status, expected.json]);
    await withServer(service, async (port) => {
      const lines = Object.entries({ host: "x", connection: "close", ...headers }).map((each) =>
        each.join(": "),
      );
      const raw = await sendRaw(
        port,
        `POST ${uri} HTTP/1.1\r\n${lines.join("\r\n")}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      const response = parseRaw(raw);
      expect([response.status, JSON.parse(response.body)]).toEqual([expected.status, expected.json]);
      expect(response.headers.get("content-type")?.split(";")[0]).toBe(expected.headers["content-type"]);
    });
  });
});

it("has a case, and refuses what does not fit", async () => {
  expect(cases.map(({ id }) => id)).toEqual(["data-207"]);
  await withServer(service, async (port) => {
    expect((await rawRequest(port, "POST", "/j", { "content-type": "application/json" })).status).toBe(400);
  });
});
