import { assertOptions } from "../../common/assert-options.ts";
import { describeValue } from "../../common/describe-value.ts";
import type { Args } from "../../request/args.ts";
import type { RequestContext } from "../../request/request-context.ts";

/** Options of `fetchHandler`. */
export interface FetchHandlerOptions {
  /**
   * What the app sees of the path that leads to it. `"keep"` (the default) is all of it, as the client wrote it: for apps
   * that are told where they are (`basePath` of Hono and better-auth, `endpoint` of tRPC, `graphqlEndpoint` of Yoga).
   * `"strip"` leaves only what comes after the resource, with its slash: for apps that take themselves for the root.
   */
  readonly prefix?: "keep" | "strip";
  /**
   * The second argument of the app's `fetch`, or a function that makes it for each request. Default: `context.env`, what
   * the runtime has passed (nothing on Node).
   */
  readonly env?: object | ((context: RequestContext<object>, args: Args) => unknown);
  /**
   * `"keep"` (the default) passes HEAD on as HEAD. `"get"` makes it a GET, for apps that know nothing else. The answer to a
   * HEAD request never has a body, whatever the app returns.
   */
  readonly head?: "keep" | "get";
  /**
   * Which of the app's answers are given up, so that the request becomes mistargeted and the next handler of a subtree or of
   * mistargeted requests further out answers it, without one a 404. `true` means those with the status 404. Their bodies
   * are cancelled. A request body that the app has read cannot be read again. Default: `false`.
   */
  readonly fallThrough?: boolean | ((response: Response) => boolean);
}

/** All options, with their defaults. */
export interface FetchHandlerSettings {
  readonly isStripped: boolean;
  readonly headIsGet: boolean;
  readonly envOf: (context: RequestContext<object>, args: Args) => unknown;
  readonly isGivenUp: ((response: Response) => boolean) | null;
}

const NAMES = ["prefix", "env", "head", "fallThrough"] as const;

/** Throws a `TypeError` for options that there are not, and for values that they cannot have. */
export function fetchHandlerSettings(options: FetchHandlerOptions): FetchHandlerSettings {
  assertOptions("fetchHandler", options, NAMES);
  const { prefix = "keep", env, head = "keep", fallThrough = false } = options;
  assertOneOf("prefix", prefix, ["keep", "strip"]);
  assertOneOf("head", head, ["keep", "get"]);
  if (typeof fallThrough !== "boolean" && typeof fallThrough !== "function") {
    throw new TypeError(
      `fallThrough of fetchHandler is true, false or a function (response) => boolean, not ${describeValue(fallThrough)}.`,
    );
  }
  return {
    isStripped: prefix === "strip",
    headIsGet: head === "get",
    envOf: envOf(env),
    isGivenUp: fallThrough === true ? isNotFound : fallThrough === false ? null : fallThrough,
  };
}

function isNotFound({ status }: Response): boolean {
  return status === 404;
}

function envOf(env: FetchHandlerOptions["env"]): FetchHandlerSettings["envOf"] {
  if (env === undefined) {
    return (context) => context.env;
  }
  return typeof env === "function" ? (env as FetchHandlerSettings["envOf"]) : () => env;
}

function assertOneOf(name: string, value: unknown, values: readonly string[]): void {
  if (!values.includes(value as string)) {
    const given = typeof value === "string" ? JSON.stringify(value) : describeValue(value);
    throw new TypeError(
      `${name} of fetchHandler is ${values.map((one) => `"${one}"`).join(" or ")}, not ${given}.`,
    );
  }
}
