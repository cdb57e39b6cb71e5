import { readdirSync, readFileSync } from "node:fs";
import * as argania from "argania";
import * as app from "argania/app";
import * as connect from "argania/connect";
import * as cookies from "argania/cookies";
import * as validation from "argania/fastest-validator";
import * as fetchApps from "argania/fetch";
import * as jwt from "argania/jwt";
import * as logger from "argania/logger";
import * as middleware from "argania/middleware";
import * as multipart from "argania/multipart";
import * as negotiation from "argania/negotiation";
import * as sse from "argania/sse";
import * as staticFiles from "argania/static";
import * as testing from "argania/testing";
import * as websocket from "argania/websocket";
import { describe, expect, it } from "vitest";

/** Some are exported by two entries. */
const exported = Object.assign(
  {},
  argania,
  app,
  connect,
  cookies,
  validation,
  fetchApps,
  jwt,
  logger,
  middleware,
  multipart,
  negotiation,
  sse,
  staticFiles,
  testing,
  websocket,
);
const repository = new URL("../../", import.meta.url);
const catalogue = readFileSync(new URL("docs/errors.md", repository), "utf8");
const source = new URL("src/", repository);
const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(new URL(name.replaceAll("\\", "/"), source), "utf8"));

/** `class SomeError … { … code … "ARGANIA_…";` */
const CLASS =
  /class (?<name>\w+)[^{]*\{(?:(?!\nclass |\nexport )[\s\S])*?code\b[^;]*?"(?<code>ARGANIA_\w+)";/g;
const classes = files.flatMap((file) =>
  [...file.matchAll(CLASS)].map(({ groups }) => groups as unknown as Row),
);
const codes = new Set(files.flatMap((file) => file.match(/(?<=")ARGANIA_[A-Z_]+(?=")/g) ?? []));
const rows = [...catalogue.matchAll(/^\| (?:`(?<name>\w+)`|not exported) \| `(?<code>ARGANIA_\w+)`/gm)].map(
  ({ groups }) => groups as unknown as Row,
);

interface Row {
  readonly name: string | undefined;
  readonly code: string;
}

describe("docs/errors.md", () => {
  it("lists every code in the source, and no other, once", () => {
    expect(rows.map(({ code }) => code).sort()).toEqual([...codes].sort());
  });

  it("names the class that has the code", () => {
    expect(classes.length).toBeGreaterThan(25);
    for (const { name, code } of rows.filter((row) => row.name !== undefined)) {
      expect({ name, code: classes.find((each) => each.name === name)?.code }).toEqual({ name, code });
    }
  });

  it("lists every error class that is exported, apart from those that are only extended", () => {
    const isError = ([, value]: [string, unknown]) =>
      typeof value === "function" && value.prototype instanceof argania.ArganiaError;
    const names = Object.entries(exported)
      .filter(isError)
      .map(([name]) => name);
    const concrete = names.filter((name) => name !== "DefinitionError" && name !== "ErrorResponse");
    expect(rows.flatMap(({ name }) => name ?? []).sort()).toEqual(concrete.sort());
  });
});
