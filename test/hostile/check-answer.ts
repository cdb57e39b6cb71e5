import { expect } from "vitest";
import type { Expectation } from "./hostile-case.ts";
import { type ParsedResponse, parseResponses, sendRaw, type Target } from "./raw-client.ts";

const NOTHING: ParsedResponse = { status: 0, headers: {}, body: "", isWhole: true };

/** Sends raw bytes and holds what comes back against what is expected. */
export async function checkAnswer(target: Target, raw: string, expected: Expectation): Promise<void> {
  const answer = await sendRaw(target, raw, patienceFor(expected));
  const responses = parseResponses(answer.bytes, raw.startsWith("HEAD "));
  const wire = answer.bytes.toString("latin1");
  const first = responses[0] ?? NOTHING;

  checkStatus(responses, expected);
  checkHeaders(first, expected);
  checkBodies(responses, wire, expected);
  if (expected.close === "yes") {
    expect(answer.isClosed, "the connection was left open").toBe(true);
  }
  if (expected.maxMs !== undefined) {
    expect(answer.milliseconds, "it hung").toBeLessThan(patienceFor(expected));
  }
  if (expected.maxBody !== undefined) {
    expect(answer.bytes.length).toBeLessThanOrEqual(expected.maxBody);
  }
  if (expected.truncated === true) {
    expect(first.isWhole, "it looks complete").toBe(false);
  }
  if (expected.alive === true) {
    await checkAlive(target);
  }
}

/** Whether the server still answers others. */
export async function checkAlive(target: Target): Promise<void> {
  const { bytes } = await sendRaw(target, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
  expect(parseResponses(bytes, false)[0]).toMatchObject({ status: 200, body: "root" });
}

/** The times of the data are for a quiet machine; here they only tell a hang from an answer. */
function patienceFor({ maxMs = 0 }: Expectation): number {
  return Math.max(2_000, maxMs * 20);
}

function checkStatus(responses: readonly ParsedResponse[], expected: Expectation): void {
  const statuses = responses.map(({ status }) => status);
  const [first = 0, second] = statuses;
  if (expected.status !== undefined) {
    const checked = (expected.responses ?? 0) > 1 ? statuses : [first === 100 ? (second ?? 100) : first];
    for (const status of checked) {
      expect(expected.status).toContain(status);
    }
  }
  if (expected.firstStatusNot !== undefined) {
    expect(first).not.toBe(expected.firstStatusNot);
  }
  if (expected.responses !== undefined) {
    expect(statuses).toHaveLength(expected.responses);
  }
}

function checkHeaders({ headers }: ParsedResponse, expected: Expectation): void {
  for (const [name, pattern] of Object.entries(expected.header ?? {})) {
    expect(headers[name] ?? "", name).toMatch(new RegExp(pattern));
  }
  for (const name of expected.headerAbsent ?? []) {
    expect(headers).not.toHaveProperty(name);
  }
  for (const [name, pattern] of Object.entries(expected.headerExcludes ?? {})) {
    expect(headers[name] ?? "", name).not.toMatch(new RegExp(pattern));
  }
  if (expected.locationSafe === true && headers.location !== undefined) {
    expect(headers.location).toMatch(/^\/(?![/\\\t\r\n])/);
  }
}

function checkBodies(responses: readonly ParsedResponse[], wire: string, expected: Expectation): void {
  const bodies = responses.map(({ body }) => body);
  if (expected.bodiesInOrder !== undefined) {
    expect(bodies).toEqual(expected.bodiesInOrder);
  }
  if (expected.bodyEquals !== undefined) {
    expect(bodies[0]).toBe(expected.bodyEquals);
  }
  if (expected.noBody === true) {
    expect(bodies[0] ?? "").toBe("");
  }
  for (const text of expected.bodyIncludes ?? []) {
    expect(wire).toContain(text);
  }
  for (const text of expected.bodyExcludes ?? []) {
    expect(bodies.filter((body) => text !== "" && body.includes(text))).toEqual([]);
  }
  if (expected.endsWith !== undefined) {
    expect(wire.endsWith(expected.endsWith)).toBe(true);
  }
  if (expected.bytesInclude !== undefined) {
    expect(wire).toContain(expected.bytesInclude);
  }
}
