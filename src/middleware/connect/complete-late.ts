import { LightResponse } from "../../response/light-response.ts";
import { SWITCHING_PROTOCOLS } from "../../response/upgrade-response.ts";
import type { RawResponse } from "./node-http.ts";
import type { Recording } from "./recorded-response.ts";
import { passHead, writeThrough } from "./write-through.ts";

/**
 * Writes the response that a request is answered with through middleware that has handed the request on and got no response
 * back: that of an error, of a deadline, of a layer further outside. `response` becomes what comes out.
 */
export function completeLate(recording: Recording, response: LightResponse): void {
  const { response: raw } = recording;
  if (raw.headersSent || raw.destroyed) {
    // What it has begun to write comes too late.
    recording.close();
    return;
  }
  if (response.status === SWITCHING_PROTOCOLS) {
    passHead(recording, response);
    return;
  }
  const whole = response.wholePayload;
  const payload = whole ?? response.takePayload();
  recording.release();
  writeThrough(
    recording,
    LightResponse.withHeaderList(payload, [...(response.headerList ?? [])], response.status),
  );
  if (raw.headersSent) {
    const { list } = response.headers;
    const recorded = recording.toResponse();
    response.status = recorded.status;
    list.splice(0, list.length, ...(recorded.headerList ?? []));
    LightResponse.refill(response, recorded.takePayload());
  } else {
    // Something waits with all of it, which cannot be waited for here.
    recording.abandon();
    addMissing(response, raw);
    LightResponse.refill(response, payload);
  }
}

/**
 * Ends what middleware has of a response that another one was sent instead of, past this middleware: what waits for the end,
 * some of it at the socket, waits no longer.
 *
 * @param status of the other one; `undefined` if the client left before its end
 */
export function endElsewhere(recording: Recording, status: number | undefined): void {
  const { response: raw } = recording;
  if (status === undefined || raw.destroyed) {
    recording.close();
    return;
  }
  recording.abandon();
  if (!raw.headersSent) {
    raw.statusCode = status;
  }
  raw.end();
}

function addMissing({ headers }: LightResponse, raw: RawResponse): void {
  for (const name of raw.getHeaderNames()) {
    const value = raw.getHeader(name);
    if (!headers.has(name)) {
      for (const each of Array.isArray(value) ? value : [value]) {
        headers.append(name, String(each));
      }
    }
  }
}
