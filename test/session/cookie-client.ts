import type { Service } from "argania";
import { CookieKey } from "argania/cookies";

export const KEY: CookieKey = CookieKey.from("a secret of session tests, 32 bytes or more");

/** Asks a service in process, and keeps cookies as a browser does. */
export class CookieClient {
  readonly cookies: Map<string, string> = new Map();
  readonly #service: Service;
  readonly #origin: string;

  constructor(service: Service, origin = "http://example.com") {
    this.#service = service;
    this.#origin = origin;
  }

  async ask(path: string, init: { method?: string; body?: string } = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = cookie === "" ? {} : { cookie };
    const response = await this.#service.request(`${this.#origin}${path}`, { ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      if (/; Max-Age=0(?:;|$)/.test(line)) {
        this.cookies.delete(pair.slice(0, at));
      } else {
        this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
      }
    }
    return response;
  }

  async text(path: string): Promise<string> {
    return (await this.ask(path)).text();
  }

  /** Another browser with the same cookies. */
  copy(): CookieClient {
    const copy = new CookieClient(this.#service, this.#origin);
    for (const [name, value] of this.cookies) {
      copy.cookies.set(name, value);
    }
    return copy;
  }
}
