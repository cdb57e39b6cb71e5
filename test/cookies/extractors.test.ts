import {
  _get,
  attempt,
  cookie,
  cookies,
  json,
  type MethodHandler,
  optional,
  type PathParams,
  Resource,
  respond,
} from "argania";
import { cookieKey } from "argania/cookies";
import "argania/fastest-validator";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { KEY } from "./with-jar.ts";

interface Body {
  readonly code?: string;
  readonly detail?: string;
  readonly issues?: readonly object[];
}

const ask = async (handler: MethodHandler<PathParams, unknown, undefined>, header?: string) => {
  const root = new Resource("/").setProperty(cookieKey.to(KEY)).setHandlerFor(handler);
  const response = await root
    .intoService()
    .request("/", { headers: header === undefined ? {} : { cookie: header } });
  return {
    status: response.status,
    body: (await response.json()) as Body,
    lines: response.headers.getSetCookie(),
  };
};

describe.each([
  ["cookie", cookie, "a=1"],
  ["cookie.signed", cookie.signed, `a=${KEY.sign("a", ".1")}`],
  ["cookie.private", cookie.private, `a=${KEY.seal("a", ".1")}`],
] as const)("%s", (written, make, header) => {
  it("hands over the value", async () => {
    expect(
      await ask(
        _get.to([make("a")], (value) => json(value)),
        header,
      ),
    ).toMatchObject({ status: 200, body: "1" });
  });

  it("is a 400 for a missing cookie", async () => {
    for (const other of [undefined, header.replace("a=", "b="), "b=1"]) {
      const answer = await ask(
        _get.to([make("a")], () => "never"),
        other,
      );
      expect(answer).toMatchObject({
        status: 400,
        body: { code: "ARGANIA_MISSING_COOKIE", detail: 'The cookie "a" is missing.' },
      });
    }
  });

  it("can be optional, or attempted", async () => {
    expect((await ask(_get.to([optional(make("a"))], (value) => json([value])))).body).toEqual([null]);
    const tried = _get.to([attempt(make("a"))], (value) => json(value.ok ? value.value : value.error.code));
    expect((await ask(tried)).body).toBe("ARGANIA_MISSING_COOKIE");
    expect((await ask(tried, header)).body).toBe("1");
  });

  it.each([undefined, "", 7, {}])("refuses the name %j", (name) => {
    expect(() => make(name as string)).toThrow(`${written} takes the name of a cookie`);
  });
});

it.each(["signed", "private"] as const)(
  "cookie.%s does not tell a forged cookie from a missing one",
  async (kind) => {
    const handler = _get.to([cookie[kind]("a")], () => "never");
    expect(await ask(handler, "a=1")).toEqual(await ask(handler));
  },
);

describe("cookies", () => {
  it("is the jar of the request, with and without parentheses", async () => {
    const handler = _get.to([cookies, cookies()], (jar, same, context) =>
      respond(jar.set("b", "2"), json([jar === same, jar === context.cookies(), jar.get("a")])),
    );
    const { body, lines } = await ask(handler, "a=1");
    expect(body).toEqual([true, true, "1"]);
    expect(lines).toHaveLength(1);
  });

  const Settings = z.object({ theme: z.enum(["light", "dark"]).default("light"), size: z.coerce.number() });

  it("is what a schema makes of the values", async () => {
    const handler = _get.to([cookies(Settings)], ({ theme, size }) => json([theme, size + 1]));
    expect((await ask(handler, "size=7; other=x")).body).toEqual(["light", 8]);
  });

  it("is what rules of fastest-validator make of the values, converted from text", async () => {
    const rules = { size: "number|max:9", isOpen: "boolean|default:false" } as const;
    const handler = _get.to([cookies(rules)], ({ size, isOpen }) => json([size + 1, isOpen]));
    expect((await ask(handler, "size=7; isOpen=true")).body).toEqual([8, true]);
    expect((await ask(handler, "size=10")).body).toMatchObject({ code: "ARGANIA_COOKIES", status: 400 });
  });

  it("is a 400 with the issues when they do not fit", async () => {
    const { status, body } = await ask(
      _get.to([cookies(Settings)], () => "never"),
      "theme=pink; size=1",
    );
    expect([status, body.code, body.detail]).toEqual([400, "ARGANIA_COOKIES", "The cookies are not valid."]);
    expect(body.issues).toEqual([{ path: "theme", message: expect.any(String) }]);
  });

  it("gives schemas an object that no name can poison", async () => {
    const any = z.custom<object>((value) => Object.getPrototypeOf(value) === null);
    const { body } = await ask(
      _get.to([cookies(any)], (values) => json(Object.keys(values))),
      "__proto__=1; a=2",
    );
    expect(body).toEqual(["a"]);
  });

  it("refuses what is no schema", () => {
    expect(() => cookies(undefined as never)).toThrow("cookies takes a schema");
  });
});
