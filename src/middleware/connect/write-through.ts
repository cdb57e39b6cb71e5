import { LightHeaders } from "../../common/light-headers.ts";
import { sourceOf } from "../../response/chunk-source.ts";
import type { LightResponse } from "../../response/light-response.ts";
import { isBodiless } from "../../response/status-code.ts";
import { SWITCHING_PROTOCOLS } from "../../response/upgrade-response.ts";
import { addVary } from "../../response/vary.ts";
import type { RawResponse } from "./node-http.ts";
import { pump } from "./pump.ts";
import type { Recording } from "./recorded-response.ts";
import { isPatched } from "./recording-methods.ts";

/**
 * Writes a response as a handler of Express would, so that all that middleware has put in front of `writeHead`, `write`
 * and `end` does its work. What comes out is recorded.
 */
export function writeThrough(recording: Recording, response: LightResponse): void {
  setHead(recording.response, response);
  writeBody(recording, response);
}

/** The body only, behind a head that may have been written already; else that is written, too. */
export function writeBody(recording: Recording, response: LightResponse): void {
  if (response.status === SWITCHING_PROTOCOLS) {
    throw new Error("A middleware has written the head of its response, and what is inside of it upgrades.");
  }
  const { response: raw } = recording;
  const payload = response.takePayload();
  if (payload === null) {
    raw.end();
  } else if (typeof payload === "string" || payload instanceof Uint8Array) {
    if (isBodiless(response.status)) {
      raw.end();
    } else {
      if (!raw.headersSent) {
        raw.setHeader("content-length", Buffer.byteLength(payload));
      }
      raw.end(payload);
    }
  } else if (isBodiless(response.status)) {
    sourceOf(payload).release().catch(ignore);
    raw.end();
  } else {
    pump(recording, payload);
  }
}

/** Whether middleware does nothing to the body and does not wait for its end: a stream goes its own, faster way then. */
export function passesHeadOnly({ response: raw }: Recording, response: LightResponse): boolean {
  const waitsForEnd = raw.listenerCount("finish") + raw.listenerCount("close") > 0;
  const isStream = !response.isEmpty && response.wholePayload === null;
  return isStream && !waitsForEnd && !isPatched(raw);
}

/** Writes the head of a response, and gives it what comes out of that. */
export function passHead(recording: Recording, response: LightResponse): void {
  const { response: raw } = recording;
  recording.abandon();
  setHead(raw, response);
  raw.writeHead(raw.statusCode);
  raw.end();
  if (response.status !== SWITCHING_PROTOCOLS) {
    response.status = raw.statusCode;
    response.statusText = raw.statusMessage ?? "";
  }
  response.headers.list.splice(0, Number.POSITIVE_INFINITY, ...(recording.headers ?? []));
}

/** What middleware has set stays, unless the response has the same header; lists of both are put together. */
function setHead(raw: RawResponse, response: LightResponse): void {
  raw.statusCode = response.status;
  if (response.statusText !== "") {
    raw.statusMessage = response.statusText;
  }
  const names = new Set<string>();
  const list = response.headerList ?? [];
  for (let index = 0; index < list.length; index += 2) {
    const name = list[index] as string;
    const value = list[index + 1] as string;
    if (name === "vary") {
      raw.setHeader(name, joinedVary(raw.getHeader(name), value));
    } else if (names.has(name) || name === "set-cookie") {
      raw.appendHeader(name, value);
    } else {
      raw.setHeader(name, value);
    }
    names.add(name);
  }
}

function joinedVary(before: unknown, value: string): string {
  const headers = new LightHeaders(before === undefined ? [] : ["vary", String(before)]);
  for (const name of value.split(",")) {
    addVary(headers, name.trim());
  }
  return headers.get("vary") ?? value;
}

function ignore(): void {}
