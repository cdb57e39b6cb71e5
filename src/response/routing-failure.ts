import { withoutStack } from "../common/argania-error.ts";
import type { ErrorResponse } from "./error-response.ts";
import type { ResponseLike } from "./into-response.ts";
import { LightResponse } from "./light-response.ts";
import { prefersText } from "./prefers-text.ts";

/**
 * What the tree gives when it has no handler for a request. Inside of a layer, which makes a response of whatever it
 * wraps, it throws its error, as any layer may catch one. Where no layer is, nobody can see the error: it is never
 * made, and what it would have said is sent. Scanners ask for little else, so that 404 has to be cheap.
 */
export class RoutingFailure implements ResponseLike {
  readonly #make: () => ErrorResponse;
  #json: Rendered | null = null;
  #text: Rendered | null = null;

  /** @param make makes a new error at each call, always the same one */
  constructor(make: () => ErrorResponse) {
    this.#make = make;
  }

  /** Whether a value is one. To ask a response for any other class by `instanceof` would load the platform's. */
  static is(value: unknown): value is RoutingFailure {
    return !(value instanceof LightResponse) && value instanceof RoutingFailure;
  }

  intoResponse(): never {
    throw this.error();
  }

  error(): ErrorResponse {
    return withoutStack(this.#make);
  }

  /** What a client gets that accepts `accept`, as the error would render itself. */
  render(accept: string | undefined): LightResponse {
    if (prefersText(accept)) {
      this.#text ??= rendered(this.error(), accept);
      return responseOf(this.#text);
    }
    this.#json ??= rendered(this.error(), accept);
    return responseOf(this.#json);
  }
}

interface Rendered {
  readonly status: number;
  readonly body: string;
  readonly headers: readonly string[];
}

function rendered(error: ErrorResponse, accept: string | undefined): Rendered {
  const response = error.intoResponse(accept);
  const { status } = response;
  return { status, headers: [...(response.headerList ?? [])], body: response.takePayload() as string };
}

function responseOf({ status, headers, body }: Rendered): LightResponse {
  return LightResponse.withHeaderList(body, [...headers], status);
}
