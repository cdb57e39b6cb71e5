import { readFileSync } from "node:fs";
import type { Service } from "argania";
import { describe, expect, it } from "vitest";
import { rawRequest, withServer } from "../support/raw-http.ts";
import { buildFromSteps, buildFromTree } from "./build-case.ts";
import type { ArganCase, Report, RequestCase } from "./case-types.ts";

const all = JSON.parse(readFileSync(new URL("../data/argan.json", import.meta.url), "utf8")) as ArganCase[];
const GROUPS = new Set(["routing", "hosts", "slash", "methods", "pattern-match", "merge"]);
const cases = all.filter((one) => GROUPS.has(one.group) && one.requests !== undefined);

/** CONTRACT §3.7 is better than argan here: hosts are compared case-insensitively. */
const BETTER: Readonly<Record<string, Partial<RequestCase["expect"]>>> = {
  "WWW.example.com": { handledBy: "http://www.example.com/x", params: {} },
};

describe.each(cases)("$group $id", (one) => {
  const builds = [
    ["its tree", () => buildFromTree(one)],
    ...(one.definition === undefined ? [] : [["its steps", () => buildFromSteps(one.definition ?? [])]]),
  ] as [string, () => Service][];

  for (const [from, build] of builds) {
    it(`from ${from}, in process`, async () => {
      const service = build();
      for (const request of one.requests ?? []) {
        const response = await service.request(request.uri, {
          method: request.method,
          headers: headersOf(request),
        });
        check(request, {
          status: response.status,
          header: (name) => response.headers.get(name),
          body: await response.text(),
        });
      }
    });

    it(`from ${from}, over a socket`, async () => {
      await withServer(build(), async (port) => {
        for (const request of one.requests ?? []) {
          const response = await rawRequest(port, request.method, request.uri, headersOf(request));
          check(request, {
            status: response.status,
            header: (name) => response.headers.get(name) ?? null,
            body: response.body,
          });
        }
      });
    });
  }
});

function headersOf({ headers = {}, headersRaw }: RequestCase): Record<string, string> {
  const raw = headersRaw?.replace(/^Host: /, "").replace("\\xe9", "\xe9");
  return raw === undefined ? { ...headers } : { ...headers, host: raw };
}

interface Seen {
  readonly status: number;
  readonly header: (name: string) => string | null;
  readonly body: string;
}

function check(request: RequestCase, seen: Seen): void {
  const better = request.quirk === true ? BETTER[request.headers?.host ?? ""] : undefined;
  const expected = { ...request.expect, ...better };
  const where = `${request.method} ${request.uri} ${request.headers?.host ?? ""}`;
  expect(seen.status, where).toBe(expected.status);
  for (const [name, value] of Object.entries(expected.headers ?? {})) {
    expect(seen.header(name), where).toBe(value);
  }
  if (expected.body !== undefined) {
    expect(seen.body, where).toBe(expected.body);
  }
  const report = JSON.parse(decodeURIComponent(seen.header("x-report") ?? "{}")) as Partial<Report>;
  for (const key of ["handledBy", "handlerMethod", "params"] as const) {
    if (expected[key] !== undefined) {
      expect(report[key], where).toEqual(expected[key]);
    }
  }
}

it("runs every case of its groups", () => {
  expect(cases.length).toBeGreaterThanOrEqual(28);
});
