import { TestClientError } from "./test-client-error.ts";

/** Fetch Standard §4.4: what `fetch` follows, too. */
export const MOST_REDIRECTS = 20;

/** A request that a redirect asks for. */
export interface Redirected {
  readonly url: URL;
  readonly method: string;
  /** Whether the body is sent again. */
  readonly keepsBody: boolean;
}

/** Where an answer redirects to; `null` when it does not (Fetch Standard §4.4, RFC 9110 §15.4). */
export function redirectOf(response: Response, method: string, from: URL): Redirected | null {
  const location = response.headers.get("location");
  if (location === null || ![301, 302, 303, 307, 308].includes(response.status)) {
    return null;
  }
  if (!URL.canParse(location, from.href)) {
    throw new TestClientError(
      `${method} ${from.pathname} was redirected to "${location}", which is no URL.`,
      {
        response,
      },
    );
  }
  const { status } = response;
  const isSwitched =
    (status === 303 && method !== "GET" && method !== "HEAD") ||
    ((status === 301 || status === 302) && method === "POST");
  const url = new URL(location, from.href);
  url.hash = "";
  return { url, method: isSwitched ? "GET" : method, keepsBody: !isSwitched };
}

/** Headers that describe a body, and those that only the first origin may see. */
export function headersFor(headers: Headers, { keepsBody, url }: Redirected, from: URL): Headers {
  const kept = new Headers(headers);
  const dropped = [
    ...(keepsBody ? [] : ["content-type", "content-length", "content-encoding", "content-language"]),
    ...(url.origin === from.origin ? [] : ["authorization", "cookie", "host", "proxy-authorization"]),
  ];
  for (const name of dropped) {
    kept.delete(name);
  }
  return kept;
}
