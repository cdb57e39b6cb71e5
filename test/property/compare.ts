import type { Service } from "argania";
import { expect } from "vitest";
import { answerOf } from "./build-tree.ts";
import { type ModelLocation, type Outcome, parseTarget } from "./model.ts";
import type { RequestSpec } from "./tree-spec.ts";

export function send(service: Service, { method, target, host }: RequestSpec): Promise<Response> {
  return service.request(target, { method, headers: { host } });
}

/** Holds what a service answers against what the model says. */
export async function expectOutcome(
  service: Service,
  request: RequestSpec,
  expected: Outcome,
): Promise<Response> {
  const response = await send(service, request);
  const answer = answerOf(response);
  expect({
    status: response.status,
    by: answer?.by,
    params: answer?.params,
    subtreeSegments: answer?.subtreeSegments,
    subtreePath: answer && locationOf(answer.subtreePath),
    allow: response.headers.get("allow") ?? undefined,
    location: locationOf(response.headers.get("location") ?? ""),
  }).toEqual({
    status: expected.status,
    by: expected.by,
    params: expected.params,
    subtreeSegments: expected.subtreeSegments,
    subtreePath: expected.by === undefined ? null : subtreeOf(expected),
    allow: expected.allow,
    location: expected.location && withEncodedQuery(expected.location),
  });
  const body = await response.text();
  if (request.method === "HEAD") {
    expect(body).toBe("");
  } else if (expected.by !== undefined) {
    expect(body).toBe(expected.by);
  }
  return response;
}

function subtreeOf({ subtreeSegments = [], subtreeSlash = false }: Outcome): ModelLocation | undefined {
  return subtreeSegments.length === 0
    ? undefined
    : { segments: subtreeSegments, slash: subtreeSlash, search: "" };
}

function locationOf(path: string): ModelLocation | undefined {
  return path === "" ? undefined : (parseTarget(path) ?? undefined);
}

/** A header holds bytes: those of the query that are not ASCII are percent-encoded, as browsers do. */
function withEncodedQuery(location: ModelLocation): ModelLocation {
  return { ...location, search: location.search.replace(/[^\0-\x7f]/gu, encodeURIComponent) };
}
