import type { Handler } from "../handler/handler.ts";
import type { RequestContext } from "../request/request-context.ts";
import { type RedirectStatus, redirect } from "../response/helpers.ts";
import type { LightResponse } from "../response/light-response.ts";

/**
 * Answers every request that reaches it with a redirect; the handler inside never runs.
 *
 * `…To` sends all of them to one place. `…ToPrefix` appends the request's canonical path and its query, for a site
 * that has moved as a whole.
 *
 * @example
 * ```ts
 * const old = new Resource("/");
 * old.addLayerTo(_requestReceiver(RedirectionLayer.permanentToPrefix("https://new.example.com")));
 * ```
 */
export class RedirectionLayer {
  readonly #status: RedirectStatus;
  readonly #location: (context: RequestContext) => string;

  private constructor(status: RedirectStatus, location: string | URL, isPrefix: boolean) {
    // Made once now, so that an unsafe or malformed place is refused here and not at the first request.
    const target = redirect(location, status).headers.get("location") as string;
    this.#status = status;
    const prefix = isPrefix ? checkedPrefix(target) : "";
    this.#location = isPrefix ? (context) => appendToPrefix(prefix, context) : () => target;
  }

  /** 308: the method and body are kept. */
  static permanentTo(location: string | URL): RedirectionLayer {
    return new RedirectionLayer(308, location, false);
  }

  /** 307: the method and body are kept. */
  static temporaryTo(location: string | URL): RedirectionLayer {
    return new RedirectionLayer(307, location, false);
  }

  /** 303: the client goes on with `GET`. */
  static seeOther(location: string | URL): RedirectionLayer {
    return new RedirectionLayer(303, location, false);
  }

  /** 308, to `prefix` followed by the path and query of the request. */
  static permanentToPrefix(prefix: string | URL): RedirectionLayer {
    return new RedirectionLayer(308, prefix, true);
  }

  /** 307, to `prefix` followed by the path and query of the request. */
  static temporaryToPrefix(prefix: string | URL): RedirectionLayer {
    return new RedirectionLayer(307, prefix, true);
  }

  /** 303, to `prefix` followed by the path and query of the request. */
  static seeOtherToPrefix(prefix: string | URL): RedirectionLayer {
    return new RedirectionLayer(303, prefix, true);
  }

  wrap(): Handler {
    const status = this.#status;
    const location = this.#location;
    return (context): LightResponse => redirect(location(context), status);
  }
}

function checkedPrefix(prefix: string): string {
  if (/[?#]/.test(prefix)) {
    throw new TypeError(`The prefix "${prefix}" has a query or fragment, so that no path can follow it.`);
  }
  return prefix.endsWith("/") ? prefix.slice(0, -1) : prefix;
}

/** Behind an empty prefix the path `//evil.com` would name another host: its first slashes become one. */
function appendToPrefix(prefix: string, context: RequestContext): string {
  const path = prefix === "" ? context.path.replace(/^\/+/, "/") : context.path;
  return `${prefix}${path}${context.search}`;
}
