import {
  _get,
  _post,
  cookies,
  type Extractor,
  formBody,
  headers,
  json,
  jsonBody,
  pathParams,
  queryParams,
  Resource,
  Server,
  type StandardSchema,
  textBody,
} from "argania";
import { fastestValidator } from "argania/fastest-validator";
import { multipartFields } from "argania/multipart";
import { type } from "arktype";
import { FormData, fetch, type RequestInit } from "undici";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { MemoryLogger } from "../server/serve.ts";

interface Item {
  name: string;
  page: number;
}

interface Library {
  /** What JSON has to be. */
  readonly value: StandardSchema<unknown, Item>;
  /** The same, of texts. */
  readonly texts: StandardSchema<unknown, Item>;
  /** At least three characters. */
  readonly text: StandardSchema<unknown, string>;
}

const LIBRARIES: readonly (readonly [string, Library])[] = [
  [
    "zod",
    {
      value: z.object({ name: z.string().min(3), page: z.number().int() }),
      texts: z.object({ name: z.string().min(3), page: z.coerce.number().int() }),
      text: z.string().min(3),
    },
  ],
  [
    "valibot",
    {
      value: v.object({ name: v.pipe(v.string(), v.minLength(3)), page: v.pipe(v.number(), v.integer()) }),
      texts: v.object({
        name: v.pipe(v.string(), v.minLength(3)),
        page: v.pipe(v.string(), v.toNumber(), v.integer()),
      }),
      text: v.pipe(v.string(), v.minLength(3)),
    },
  ],
  [
    "arktype",
    {
      value: type({ name: "string >= 3", page: "number.integer" }),
      texts: type({ name: "string >= 3", page: "string.integer.parse" }),
      text: type("string >= 3"),
    },
  ],
  [
    "fastest-validator",
    {
      value: fastestValidator({ name: "string|min:3", page: "number|integer" }),
      texts: fastestValidator({ name: "string|min:3", page: "number|integer" }),
      text: fastestValidator({ $$root: true, type: "string", min: 3 }) as StandardSchema<unknown, string>,
    },
  ],
];

type Values = Readonly<Record<string, string>>;

interface Part {
  readonly name: string;
  readonly path: string;
  readonly extractor: (library: Library) => Extractor<unknown, object>;
  readonly request: (values: Values) => RequestInit & { readonly target?: string };
  readonly status: number;
  readonly code: string;
  /** Whether clients learn what is wrong: for a path they do not, there is no such resource. */
  readonly hasIssues: boolean;
}

const form = (values: Values) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(values)) {
    data.append(name, value);
  }
  return data;
};

const POST = { method: "POST" };
const jsonOf = ({ page, ...values }: Values) =>
  JSON.stringify({ ...values, page: Number.isNaN(Number(page)) ? page : Number(page) });

const invalid = { status: 400, hasIssues: true };

const PARTS: readonly Part[] = [
  {
    ...invalid,
    name: "a JSON body",
    path: "/json",
    extractor: ({ value }) => jsonBody(value),
    request: (values) => ({
      ...POST,
      headers: { "content-type": "application/json" },
      body: jsonOf(values),
    }),
    code: "ARGANIA_JSON",
  },
  {
    ...invalid,
    name: "a form",
    path: "/form",
    extractor: ({ texts }) => formBody(texts),
    request: (values) => ({ ...POST, body: new URLSearchParams(values) }),
    code: "ARGANIA_FORM",
  },
  {
    ...invalid,
    name: "the fields of a multipart form",
    path: "/multipart",
    extractor: ({ texts }) => multipartFields(texts),
    request: (values) => ({ ...POST, body: form(values) }),
    code: "ARGANIA_MULTIPART_FORM",
  },
  {
    ...invalid,
    name: "the query",
    path: "/query",
    extractor: ({ texts }) => queryParams(texts),
    request: (values) => ({ target: `/query?${new URLSearchParams(values)}` }),
    code: "ARGANIA_QUERY_PARAMS",
  },
  {
    ...invalid,
    name: "headers",
    path: "/headers",
    extractor: ({ texts }) => headers(texts),
    request: (values) => ({ headers: values }),
    code: "ARGANIA_HEADERS",
  },
  {
    ...invalid,
    name: "cookies",
    path: "/cookies",
    extractor: ({ texts }) => cookies(texts),
    request: ({ name, page }) => ({ headers: { cookie: `name=${name}; page=${page}` } }),
    code: "ARGANIA_COOKIES",
  },
  {
    name: "path params",
    path: "/path/{name}/{page}",
    extractor: ({ texts }) => pathParams(texts),
    request: ({ name, page }) => ({ target: `/path/${name}/${page}` }),
    status: 404,
    hasIssues: false,
    code: "ARGANIA_PATH_PARAMS",
  },
];

describe.each(LIBRARIES)("%s, over a socket", (_, library) => {
  let url = "";
  let close: () => Promise<void> = async () => {};
  let seen: unknown;
  const logger = new MemoryLogger();

  beforeAll(async () => {
    const root = new Resource("/");
    const handle = (value: unknown) => {
      seen = value;
      return json(value);
    };
    for (const { path, extractor } of PARTS) {
      const part = extractor(library);
      root.subresource(path).setHandlerFor([_get.to([part], handle), _post.to([part], handle)]);
    }
    root.subresource("/text").setHandlerFor(_post.to([textBody(library.text)], handle));
    const server = await new Server().withLogger(logger).serve(root.intoService({ logger }), "127.0.0.1:0");
    url = `http://127.0.0.1:${server.address.port}`;
    close = server.close;
  });

  afterAll(() => close());

  const send = async ({ path, request }: Part, values: Values) => {
    const { target = path, ...init } = request(values);
    const response = await fetch(url + target, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  test.each(PARTS.map((part) => [part.name, part] as const))("makes %s what it says", async (_name, part) => {
    const { status, body } = await send(part, { name: "Ada", page: "7" });
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: "Ada", page: 7 });
    expect(seen).toMatchObject({ name: "Ada", page: 7 });
  });

  test.each(PARTS.map((part) => [part.name, part] as const))(
    "refuses %s that do not fit",
    async (_name, part) => {
      seen = "nothing";
      const { status, body } = await send(part, { name: "A", page: "x" });
      expect([status, body.status, body.code]).toEqual([part.status, part.status, part.code]);
      const issues = body.issues as { path: string; message: string }[] | undefined;
      expect(issues?.map(({ path }) => path).sort()).toEqual(part.hasIssues ? ["name", "page"] : undefined);
      expect(issues?.every(({ message }) => message !== "")).toBe(part.hasIssues ? true : undefined);
      expect(seen).toBe("nothing");
    },
  );

  test("makes a text body what it says, and refuses one", async () => {
    const post = (body: string) =>
      fetch(`${url}/text`, { ...POST, headers: { "content-type": "text/plain" }, body });
    expect(await (await post("Ada")).json()).toBe("Ada");
    const refused = await post("A");
    expect([refused.status, await refused.json()]).toMatchObject([
      400,
      { code: "ARGANIA_TEXT", issues: [{ path: "" }] },
    ]);
  });

  test("is no failure of the server", () => {
    expect(logger.reports).toEqual([]);
  });
});
