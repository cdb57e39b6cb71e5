import { readFileSync } from "node:fs";
import {
  _post,
  bodyLimit,
  type Extractor,
  formBody,
  fullBody,
  jsonBody,
  Resource,
  respond,
  type StandardSchema,
  textBody,
} from "argania";
import { describe, expect, it } from "vitest";
import { parseRaw, sendRaw, withServer } from "../support/raw-http.ts";

interface DataRequest {
  readonly uri: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly bodyBase64?: string;
  readonly bodyRepeat?: readonly [string, number];
  /** What argan does and its documentation does not ask for. */
  readonly quirk?: boolean;
  readonly expect: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly json?: unknown;
    readonly parsed?: unknown;
  };
}

interface DataCase {
  readonly id: string;
  readonly group: string;
  readonly tree: readonly { readonly pattern: string; readonly reads: string }[];
  readonly requests: readonly DataRequest[];
}

const file = new URL("../data/argan.json", import.meta.url);
/** Those of the group "data" that read one whole body. */
const cases = (JSON.parse(readFileSync(file, "utf8")) as DataCase[]).filter(
  ({ group, tree }) =>
    group === "data" && tree.every(({ reads }) => /^(?:JSON|text|full body|form)\b/.test(reads)),
);

/** What the cases tell: `{some_id?: u32, login: string, password: string}`. */
const login: StandardSchema<unknown, Record<string, string>> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value) => {
      const { login: name, password } = value as Record<string, string>;
      const isValid = typeof name === "string" && typeof password === "string";
      return isValid ? { value: { login: name, password } } : { issues: [{ message: "No login." }] };
    },
  },
};

const LIMITED = { text: textBody, full: fullBody } as const;

/** A resource that reads what the case says and answers with it. */
function resourceOf({ pattern, reads }: DataCase["tree"][number]): Resource {
  const resource = new Resource(pattern) as unknown as Resource;
  const [kind = ""] = reads.split(/[ {,]/);
  if (kind === "JSON") {
    return resource.setHandlerFor(
      _post.to([jsonBody(login)], (value) => Response.json({ some_id: 1, ...value })),
    );
  }
  if (kind === "form") {
    const some = reads.includes("sets some_id") ? { some_id: "1" } : {};
    const type = { "content-type": "application/x-www-form-urlencoded" };
    return resource.setHandlerFor(
      _post.to([formBody(login)], (value) =>
        respond(type, new URLSearchParams({ ...some, ...value }).toString()),
      ),
    );
  }
  const limit = Number(/limit (\d+)/.exec(reads)?.[1] ?? bodyLimit.defaultValue);
  const extractor: Extractor<string | Uint8Array, object> = LIMITED[kind as "text" | "full"].withLimit(limit);
  return resource.setHandlerFor(_post.to([extractor], (value) => value));
}

function bodyOf({ body, bodyBase64, bodyRepeat }: DataRequest): Buffer {
  if (bodyRepeat !== undefined) {
    return Buffer.from(bodyRepeat[0].repeat(bodyRepeat[1]));
  }
  return bodyBase64 === undefined ? Buffer.from(body ?? "") : Buffer.from(bodyBase64, "base64");
}

function check(request: DataRequest, status: number, type: string | null | undefined, body: string): void {
  const { expect: expected } = request;
  if (request.quirk === true) {
    expect(status, "RFC 9110 §8.3.2: charsets are case-insensitive").toBe(200);
    return;
  }
  expect(status).toBe(expected.status);
  if (expected.body !== undefined) {
    expect(body).toBe(expected.body);
  }
  if (expected.json !== undefined) {
    expect(JSON.parse(body)).toEqual(expected.json);
  }
  if (expected.parsed !== undefined) {
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual(expected.parsed);
  }
  if (expected.headers !== undefined) {
    expect(type?.split(";")[0]).toBe(expected.headers["content-type"]);
  }
}

describe.each(cases)("$id", ({ tree, requests }) => {
  const root = new Resource("/");
  for (const node of tree) {
    root.addSubresource(resourceOf(node));
  }
  const service = root.intoService();
  const numbered = requests.map((request, index) => [index, request.uri, request] as const);

  it.each(numbered)("%i POST %s, in process", async (_, uri, request) => {
    const body = bodyOf(request);
    const response = await service.request(uri, { method: "POST", headers: request.headers, body });
    check(request, response.status, response.headers.get("content-type"), await response.text());
  });

  it.each(numbered)("%i POST %s, over a socket", async (_, uri, request) => {
    const body = bodyOf(request);
    await withServer(service, async (port) => {
      const headers = { host: "x", connection: "close", ...request.headers, "content-length": body.length };
      const lines = Object.entries(headers).map((each) => each.join(": "));
      const head = `POST ${uri} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
      const response = parseRaw(await sendRaw(port, head + body.toString("latin1")));
      check(request, response.status, response.headers.get("content-type"), response.body);
    });
  });
});

it("has cases", () => {
  expect(cases.map(({ id }) => id)).toEqual([
    "data-203",
    "data-204",
    "data-206",
    "data-207",
    "data-209",
    "data-210",
  ]);
});
