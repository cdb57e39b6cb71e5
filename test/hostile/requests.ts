import type { Expectation } from "./hostile-case.ts";

/** A case of our own: what it is, the bytes to send, what must come back. */
export type OwnCase = readonly [title: string, raw: string, expected: Expectation];

/** A request for a target, written as latin1 bytes; further header lines override nothing. */
export function request(target: string, headers: readonly string[] = [], method = "GET"): string {
  const lines = headers.some((line) => /^host *:/i.test(line)) ? headers : ["Host: 127.0.0.1", ...headers];
  return `${method} ${target} HTTP/1.1\r\n${[...lines, "Connection: close"].join("\r\n")}\r\n\r\n`;
}

/** Text as the bytes of its UTF-8, which is how it goes into a raw request. */
export function utf8(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** Cases that ask for a target each, and expect a status and maybe more. */
export function forTargets(
  targets: Readonly<Record<string, Expectation | number | readonly number[]>>,
  common: Expectation = {},
): readonly OwnCase[] {
  return Object.entries(targets).map(([target, expected]) => {
    const own = typeof expected === "number" ? { status: [expected] } : expected;
    const expectation = Array.isArray(own) ? { status: own as readonly number[] } : (own as Expectation);
    return [`GET ${target}`, request(target), { ...common, ...expectation }];
  });
}

/** Cases that ask for `/` with a Host header each. */
export function forHosts(hosts: Readonly<Record<string, "api" | "root" | 400>>): readonly OwnCase[] {
  return Object.entries(hosts).map(([host, expected]) => {
    const expectation = expected === 400 ? { status: [400] } : { status: [200], bodyEquals: expected };
    return [`Host: ${host}`, request("/", [`Host: ${host}`]), expectation];
  });
}
