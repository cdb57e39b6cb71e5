// Nothing is timed before all contenders have given the same answers.

import { askOnce } from "./server-process.mjs";

const NUMBERS = [1, 7, 42];

/** With the entity tag or the cookie that the server itself gives, where a scenario is about what a client has already. */
export async function requestFor(port, { request = {}, isConditional = false, hasLogin = false }) {
  if (hasLogin) {
    const { cookies } = await askOnce(port, { path: "/login" }, 1);
    return { ...request, headers: { ...request.headers, cookie: cookies[0].split(";")[0] } };
  }
  if (!isConditional) return request;
  const { etag } = await askOnce(port, request, 1);
  return { ...request, headers: { ...request.headers, "if-none-match": etag } };
}

/**
 * What a contender is compared by, as text: its answers to several requests. Throws when one of them has not what the
 * scenario expects, or when it lets through what it should refuse.
 */
export async function answersOf(port, request, scenario) {
  const { status = 200, compares, refuses = [], expects = [], flaw } = scenario;
  const keys = ["status", ...(compares ?? ["type", "body"])];
  const answers = [];
  for (const number of NUMBERS) {
    const answer = await askOnce(port, request, number);
    if (answer.status !== status) throw new Error(`answers ${answer.status}, not ${status}`);
    const missing = expects.filter((header) => answer.headers[header] === undefined);
    if (missing.length > 0) throw new Error(`lacks ${missing.join(", ")}`);
    const wrong = flaw?.(answer);
    if (wrong) throw new Error(wrong);
    answers.push(keys.map((key) => [key, answer[key]]));
  }
  for (const refused of refuses) {
    const answer = await askOnce(port, refused.request, 1);
    if (answer.status !== refused.status) throw new Error(`answers ${answer.status}, not ${refused.status}`);
  }
  return JSON.stringify(answers);
}

/** How many requests `answersOf` has sent that were not to be refused. */
export const ASKED = NUMBERS.length;

/** `answers` is a list of a contender's name and what `answersOf` gave. */
export function assertSame(scenario, answers) {
  const [[first, expected] = []] = answers;
  for (const [contender, given] of answers) {
    if (given !== expected) {
      throw new Error(
        `${scenario}: ${contender} answers\n${given.slice(0, 600)}\nnot, as ${first} does,\n${expected.slice(0, 600)}`,
      );
    }
  }
}
