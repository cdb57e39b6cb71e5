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
 * They throw a `TypeError` for a place that is unsafe or malformed (as `redirect` does), and for a prefix that is relative, or has a query
 * or fragment.
 *
 * @example
 * ```ts
 * const old = new Resource("/");
 * old.addLayerTo(_requestReceiver(RedirectionLayer.permanentToPrefix("https://new.example.com")));
 * ```
 * Source: argan, `RedirectionLayer`; RFC 9110 §15.4.
 */
export class RedirectionLayer {
  readonly #status: RedirectStatus;
  readonly #locationOf: (context: RequestContext) => string;

  /** @internal Only for the framework: use `RedirectionLayer.permanentTo(…)` and its like. */
  constructor(status: RedirectStatus, locationOf: (context: RequestContext) => string) {
    // Without types `new RedirectionLayer("/new")` would fail at each request only.
    if (typeof locationOf !== "function") {
      throw new TypeError(
        'RedirectionLayer is made by its static methods: write RedirectionLayer.permanentTo("/new"), temporaryTo, seeOther, or one that ends with ToPrefix.',
      );
    }
    this.#status = status;
    this.#locationOf = locationOf;
  }

  /** 308: the method and body are kept. */
  static permanentTo(location: string | URL): RedirectionLayer {
    return redirectionTo(308, location);
  }

  /** 307: the method and body are kept. */
  static temporaryTo(location: string | URL): RedirectionLayer {
    return redirectionTo(307, location);
  }

  /** 303: the client goes on with `GET`. */
  static seeOther(location: string | URL): RedirectionLayer {
    return redirectionTo(303, location);
  }

  /** 308, to `prefix` followed by the path and query of the request. */
  static permanentToPrefix(prefix: string | URL): RedirectionLayer {
    return redirectionToPrefix(308, prefix);
  }

  /** 307, to `prefix` followed by the path and query of the request. */
  static temporaryToPrefix(prefix: string | URL): RedirectionLayer {
    return redirectionToPrefix(307, prefix);
  }

  /** 303, to `prefix` followed by the path and query of the request. */
  static seeOtherToPrefix(prefix: string | URL): RedirectionLayer {
    return redirectionToPrefix(303, prefix);
  }

  wrap(): Handler {
    const status = this.#status;
    const locationOf = this.#locationOf;
    return (context): LightResponse => redirect(locationOf(context), status);
  }
}

function redirectionTo(status: RedirectStatus, location: string | URL): RedirectionLayer {
  const target = checkedLocation(location);
  return new RedirectionLayer(status, () => target);
}

function redirectionToPrefix(status: RedirectStatus, location: string | URL): RedirectionLayer {
  const prefix = checkedPrefix(checkedLocation(location));
  return new RedirectionLayer(status, (context) => appendToPrefix(prefix, context));
}

/** An unsafe or malformed place is refused when the layer is made and not at the first request. */
function checkedLocation(location: string | URL): string {
  return redirect(location).headers.get("location") as string;
}

function checkedPrefix(prefix: string): string {
  if (/[?#]/.test(prefix)) {
    throw new TypeError(`The prefix "${prefix}" has a query or fragment, so that no path can follow it.`);
  }
  // It would lead below the path of each request, whose answer would be to go deeper still.
  if (prefix !== "" && !/^\/|^https?:/i.test(prefix)) {
    throw new TypeError(
      `The prefix "${prefix}" is relative to the path of each request, so that no redirect would arrive: write "https://${prefix}" for another host, or "/${prefix}".`,
    );
  }
  return prefix.endsWith("/") ? prefix.slice(0, -1) : prefix;
}

/** Behind an empty prefix the path `//evil.com` would name another host: its first slashes become one. */
function appendToPrefix(prefix: string, context: RequestContext): string {
  const path = prefix === "" ? context.path.replace(/^\/+/, "/") : context.path;
  return `${prefix}${path}${context.search.replaceAll("\\", "%5C")}`;
}
