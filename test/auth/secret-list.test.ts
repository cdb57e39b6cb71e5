import { BasicAuthLayer, BearerAuthLayer } from "argania/middleware";
import { describe, expect, it } from "vitest";
import { authApp, INVALID_TOKEN } from "./auth-app.ts";

const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });

describe("a list of tokens", () => {
  const lengths = [16, 27, 123, 124, 125, 128, 252, 253, 1_000];
  const tokens = lengths.map((length) => "t".repeat(length));
  const app = authApp(
    new BearerAuthLayer({ tokens: Object.fromEntries(tokens.map((token, index) => [token, index])) }),
  );

  it("knows each of them, also when one is the beginning of another", async () => {
    for (const [index, token] of tokens.entries()) {
      expect(await app.bearer(token)).toMatchObject({ status: 200, body: String(index) });
    }
  });

  it("knows no other, of whatever length", async () => {
    for (const length of [1, 15, 17, 26, 122, 126, 127, 129, 251, 254, 999, 1_001, 1_020, 1_021, 8_192]) {
      expect(await app.bearer("t".repeat(length)), String(length)).toMatchObject(INVALID_TOKEN);
    }
    for (const token of tokens) {
      expect(await app.bearer(`${token.slice(0, -1)}u`)).toMatchObject(INVALID_TOKEN);
      expect(await app.bearer(`u${token.slice(1)}`)).toMatchObject(INVALID_TOKEN);
    }
  });

  it("forgets what was asked before", async () => {
    const two = authApp(new BearerAuthLayer({ tokens: { "0123456789abcdef": 1, "0123456789abcdefg": 2 } }));
    expect(await two.bearer("0123456789abcdefg")).toMatchObject({ status: 200, body: "2" });
    expect(await two.bearer("0123456789abcdef")).toMatchObject({ status: 200, body: "1" });
    expect(await two.bearer("x".repeat(4_000))).toMatchObject(INVALID_TOKEN);
    expect(await two.bearer("0123456789abcdef")).toMatchObject({ status: 200, body: "1" });
    expect(await two.bearer("0")).toMatchObject(INVALID_TOKEN);
  });

  it.each([124, 252, 380])(
    "knows no longer one that begins as one of %i characters, which fills its block",
    async (length) => {
      const token = "t".repeat(length);
      const full = authApp(new BearerAuthLayer({ tokens: { [token]: "full" } }));
      expect(await full.bearer(token)).toMatchObject({ status: 200, body: '"full"' });
      expect(await full.bearer(`${token}t`)).toMatchObject(INVALID_TOKEN);
      expect(await full.bearer(token.repeat(2))).toMatchObject(INVALID_TOKEN);
      expect(await full.bearer(token.slice(1))).toMatchObject(INVALID_TOKEN);
    },
  );

  it("may be empty, and then knows nobody", async () => {
    const nobody = authApp(new BearerAuthLayer({ tokens: {} }));
    expect(await nobody.bearer("0123456789abcdef")).toMatchObject(INVALID_TOKEN);
  });
});

describe("a list of users", () => {
  const long = "ü".repeat(100);
  const app = authApp(new BasicAuthLayer({ users: { ada: "pässwörd", zoë: long, bob: "plain" } }));

  it("compares by bytes of UTF-8", async () => {
    expect(await app.ask(basic("ada:pässwörd"))).toMatchObject({ status: 200, body: '"ada"' });
    expect(await app.ask(basic(`zoë:${long}`))).toMatchObject({ status: 200, body: '"zoë"' });
    expect(await app.ask(basic("bob:plain"))).toMatchObject({ status: 200, body: '"bob"' });
  });

  it.each([
    ["other letters", "ada:passwörd"],
    ["the same letters, composed in another way", "ada:pässwörd".normalize("NFD")],
    ["more of the same", `zoë:${long}ü`],
    ["less of the same", `zoë:${long.slice(1)}`],
    ["half of a letter too much", `zoë:${long}\u00c3`],
    ["much more", `zoë:${long.repeat(20)}`],
    ["NUL at the end", "bob:plain\0"],
    ["the password of another", "ada:plain"],
  ])("refuses %s", async (_, text) => {
    expect(await app.ask(basic(text))).toMatchObject({ status: 401 });
  });

  it("refuses what is no UTF-8, and what would be right in Latin-1", async () => {
    const latin1 = Buffer.from("ada:pässwörd", "latin1").toString("base64");
    expect(await app.ask({ authorization: `Basic ${latin1}` })).toMatchObject({ status: 401 });
    expect(await app.ask({ authorization: "Basic /////w==" })).toMatchObject({ status: 401 });
  });
});
