import { withoutStack } from "../common/argania-error.ts";
import { isTagged } from "../common/is-tagged.ts";
import type { RequestProblem } from "../request/open-route.ts";
import type { RequestContext } from "../request/request-context.ts";
import type { RequestSource } from "../request/request-source.ts";
import { ErrorResponse } from "../response/error-response.ts";
import { InvalidResponseError, intoResponse } from "../response/into-response.ts";
import { LightResponse } from "../response/light-response.ts";
import { BadRequestError } from "../response/routing-errors.ts";
import { type Logger, type ReportedRequest, reportOf, reportRefusal, reportTo } from "./logger.ts";

/** All that a client learns of an error that is not a response itself. */
class InternalServerError extends ErrorResponse {
  readonly code = "ARGANIA_INTERNAL";
  readonly status = 500;
}

/** The request that met an error, as far as it is known. */
export interface FailedRequest extends ReportedRequest {
  readonly accept: string | undefined;
}

/**
 * The response for whatever was thrown, which may be anything. Failures on the server's side are logged.
 * Never throws: what fails while an error renders itself is logged, and a plain 500 takes its place.
 */
export function renderError(error: unknown, request: FailedRequest, logger: Logger): LightResponse {
  try {
    if (error instanceof ErrorResponse) {
      const rendered: unknown = error.intoResponse(request.accept);
      if (rendered instanceof LightResponse || rendered instanceof Response) {
        // It may be a constant, and what hooks add is for one client.
        const response = intoResponse(rendered).unshared();
        if (response.status >= 500) {
          report(error, request, logger);
        } else if (error instanceof BadRequestError && request.context === undefined) {
          reportRefusal(logger, reportOf(error, request));
        }
        return response;
      }
    }
  } catch (renderingError) {
    report(renderingError, request, logger);
  }
  report(error, request, logger);
  return new InternalServerError().intoResponse(request.accept);
}

function report(err: unknown, request: FailedRequest, logger: Logger): void {
  reportTo(logger, reportOf(err, request), "A request failed");
}

/**
 * What has reached the service, as logs tell of it. Other frameworks take a `Response` that is thrown for an answer: a dump
 * of it would not say that this one does not.
 */
export function failureOf(thrown: unknown): unknown {
  try {
    return isTagged(thrown) && thrown instanceof Response
      ? new InvalidResponseError(
          `A Response was thrown: return it, or throw new ResponseError(${thrown.status}, "…").`,
          { cause: thrown },
        )
      : thrown;
  } catch {
    // It has traps for those who ask.
    return thrown;
  }
}

/** What failed after a connection had gone on with another protocol: no response can say so any more. */
export function reportUpgraded(
  err: unknown,
  { method, target: path }: Pick<RequestSource, "method" | "target">,
  context: RequestContext | undefined,
  logger: Logger,
): void {
  reportTo(logger, reportOf(err, { method, path, context }), "An upgraded connection failed");
}

const PROBLEMS: Readonly<Record<RequestProblem, string>> = {
  form: "The request target must be a path or an absolute http(s) URL.",
  escape: "The path has a malformed percent-encoding.",
  "dot-segment": "The path must not have the segments “.” and “..”.",
  character: "The request target has a character that must be percent-encoded.",
  host: "The host is missing, repeated or malformed.",
  forwarded: "What Forwarded or X-Forwarded-* says is malformed, or has a scheme other than http and https.",
};

/** The error for a request that cannot enter the tree. */
export function badRequest(problem: RequestProblem): BadRequestError {
  return withoutStack(() => new BadRequestError(PROBLEMS[problem]));
}
