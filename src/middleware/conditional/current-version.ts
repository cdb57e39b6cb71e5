import { describeValue } from "../../common/describe-value.ts";
import type { MaybePromise } from "../../common/maybe-promise.ts";
import type { Args } from "../../request/args.ts";
import type { RequestContext } from "../../request/request-context.ts";
import { isEntityTag } from "../../response/entity-tags.ts";
import { formatHttpDate } from "../../response/http-date.ts";
import type { LightResponse } from "../../response/light-response.ts";
import type { Validators } from "../../response/preconditions.ts";
import { addVary } from "../../response/vary.ts";

/** What is known of a representation before the handler runs. */
export interface CurrentVersion extends Validators {
  /**
   * What else a 304 must say if a 200 says it (RFC 9110 §15.4.5), in the same words. It is put on both, unless the handler
   * has set it; `Vary` is added to.
   */
  readonly headers?: VersionHeaders | undefined;
}

export interface VersionHeaders {
  readonly "cache-control"?: string;
  readonly "content-location"?: string;
  readonly expires?: string;
  readonly vary?: string;
}

/** Says which version there is now; `null` when there is none. */
export type ReadVersion = (context: RequestContext, args: Args) => MaybePromise<CurrentVersion | null>;

const NAMES: readonly string[] = ["cache-control", "content-location", "expires", "vary"];

/**
 * Makes sure of what a user's function has returned. A tag without quotes would match no request: every change a 412, and
 * every read a full response, without anybody seeing why.
 */
export function checkedVersion(version: unknown): CurrentVersion | null {
  if (version === null) {
    return null;
  }
  if (typeof version !== "object") {
    throw new TypeError(
      `validators of ConditionalRequestsLayer gave ${describeValue(version)}: return { etag }, { lastModified } or both, or null where there is nothing yet.`,
    );
  }
  const { etag, lastModified, headers } = version as CurrentVersion;
  if (etag !== undefined && (typeof etag !== "string" || !isEntityTag(etag))) {
    const given = typeof etag === "string" ? JSON.stringify(etag) : describeValue(etag);
    throw new TypeError(
      `The etag that validators of ConditionalRequestsLayer gave is an entity-tag, with its quotes, not ${given}: write etag: \`"\${version}"\`.`,
    );
  }
  if (
    lastModified !== undefined &&
    !(lastModified instanceof Date && !Number.isNaN(lastModified.getTime()))
  ) {
    throw new TypeError(
      `The lastModified that validators of ConditionalRequestsLayer gave is a Date, not ${describeValue(lastModified)}.`,
    );
  }
  if (headers !== undefined && (typeof headers !== "object" || headers === null)) {
    throw new TypeError(
      `The headers that validators of ConditionalRequestsLayer gave are an object, not ${describeValue(headers)}: write headers: { "cache-control": "no-cache" }, or leave them out.`,
    );
  }
  const unknown = Object.keys(headers ?? {}).find((name) => !NAMES.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(
      `The headers that validators of ConditionalRequestsLayer gave have "${unknown}": a 304 takes ${NAMES.join(", ")} of them. Set others in a layer further out.`,
    );
  }
  return version;
}

/** Puts on a response what is known of its version, and has not been said by whoever made it. */
export function describeVersion(response: LightResponse, version: CurrentVersion): LightResponse {
  const { etag, lastModified, headers = {} } = version;
  const set = (name: string, value: string | undefined): void => {
    if (value !== undefined && !response.headers.has(name)) {
      response.headers.set(name, value);
    }
  };
  set("etag", etag);
  set("last-modified", lastModified && formatHttpDate(lastModified));
  for (const name of NAMES) {
    const value = headers[name as keyof VersionHeaders];
    if (name !== "vary") {
      set(name, value);
      continue;
    }
    for (const field of value?.split(",") ?? []) {
      addVary(response.headers, field.trim());
    }
  }
  return response;
}
