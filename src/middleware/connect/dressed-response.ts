import { stringifySetCookie } from "cookie";
import { LightHeaders } from "../../common/light-headers.ts";
import { jsonText } from "../../response/json-text.ts";
import { reasonPhrase } from "../../response/status-code.ts";
import { addVary } from "../../response/vary.ts";
import type { HeaderValue, HttpModule, RawRequest, RawResponse } from "./node-http.ts";
import { RECORDED_PROPERTIES } from "./recording-methods.ts";

/** What `res.cookie` takes, as Express has it. */
interface CookieOptions {
  /** In milliseconds. */
  readonly maxAge?: number;
  readonly expires?: Date;
  readonly path?: string;
  readonly domain?: string;
  readonly httpOnly?: boolean;
  readonly secure?: boolean;
  readonly sameSite?: boolean | "strict" | "lax" | "none";
  readonly partitioned?: boolean;
}

interface Dressed extends RawResponse {
  send(body?: unknown): RawResponse;
  json(value: unknown): RawResponse;
  location(url: string): RawResponse;
  cookie(name: string, value: unknown, options?: CookieOptions): RawResponse;
}

let DressedResponse: (new (request: RawRequest) => RawResponse) | null = null;

/**
 * A `ServerResponse` with what middleware for Express expects of it: `res.status()`, `res.json()`, `res.redirect()` and their
 * like. An Express app that it comes to puts its own prototype there, as it always does.
 */
export function newResponse(http: HttpModule, request: RawRequest): RawResponse {
  DressedResponse ??= dressedClass(http);
  return new DressedResponse(request);
}

/** A class of its own: with `Reflect.construct` and a function, V8 takes a hundred times as long for each response. */
function dressedClass({ ServerResponse }: HttpModule): new (request: RawRequest) => RawResponse {
  const Dressed = class extends ServerResponse {};
  Object.defineProperties(Dressed.prototype, {
    ...RECORDED_PROPERTIES,
    ...Object.getOwnPropertyDescriptors({ ...METHODS, header: METHODS.set, contentType: METHODS.type }),
    locals: { get: ownLocals, configurable: true },
  });
  return Dressed;
}

const METHODS = {
  status(this: RawResponse, status: number): RawResponse {
    this.statusCode = status;
    return this;
  },
  sendStatus(this: Dressed, status: number): RawResponse {
    this.statusCode = status;
    return this.send(reasonPhrase(status) || String(status));
  },
  set(
    this: RawResponse,
    name: string | Readonly<Record<string, HeaderValue>>,
    value?: HeaderValue,
  ): RawResponse {
    for (const [each, its] of typeof name === "string" ? [[name, value] as const] : Object.entries(name)) {
      this.setHeader(each, its as HeaderValue);
    }
    return this;
  },
  get(this: RawResponse, name: string): HeaderValue | undefined {
    return this.getHeader(name);
  },
  append(this: RawResponse, name: string, value: string | readonly string[]): RawResponse {
    this.appendHeader(name, value);
    return this;
  },
  type(this: RawResponse, type: string): RawResponse {
    this.setHeader("content-type", type.includes("/") ? type : (TYPES[type.replace(/^\./, "")] ?? type));
    return this;
  },
  vary(this: RawResponse, names: string | readonly string[]): RawResponse {
    const headers = new LightHeaders();
    headers.set("vary", String(this.getHeader("vary") ?? ""));
    for (const name of typeof names === "string" ? names.split(",") : names) {
      addVary(headers, name.trim());
    }
    this.setHeader("vary", headers.get("vary") ?? "");
    return this;
  },
  json(this: Dressed, value: unknown): RawResponse {
    setDefaultType(this, "application/json; charset=utf-8");
    this.end(jsonText(value) ?? "");
    return this;
  },
  send(this: Dressed, body?: unknown): RawResponse {
    if (body === undefined || body === null) {
      this.end();
    } else if (typeof body === "string") {
      setDefaultType(this, "text/html; charset=utf-8");
      this.end(body);
    } else if (body instanceof Uint8Array) {
      setDefaultType(this, "application/octet-stream");
      this.end(body);
    } else {
      this.json(body);
    }
    return this;
  },
  location(this: RawResponse, url: string): RawResponse {
    this.setHeader("location", encodedUrl(String(url)));
    return this;
  },
  redirect(this: Dressed, statusOrUrl: number | string, url?: string): void {
    this.statusCode = typeof statusOrUrl === "number" ? statusOrUrl : 302;
    this.location(typeof statusOrUrl === "number" ? String(url) : statusOrUrl);
    this.end();
  },
  cookie(this: RawResponse, name: string, value: unknown, options: CookieOptions = {}): RawResponse {
    const text = typeof value === "object" ? `j:${JSON.stringify(value)}` : String(value);
    const { maxAge, path = "/", ...others } = options;
    const age = maxAge === undefined ? {} : { maxAge: Math.floor(maxAge / 1000) };
    this.appendHeader("set-cookie", stringifySetCookie({ name, value: text, path, ...others, ...age }));
    return this;
  },
  clearCookie(this: Dressed, name: string, options: CookieOptions = {}): RawResponse {
    const { maxAge: _, ...others } = options;
    return this.cookie(name, "", { ...others, expires: new Date(1) });
  },
};

function ownLocals(this: RawResponse): object {
  const value: object = Object.create(null);
  Object.defineProperty(this, "locals", { value, writable: true, configurable: true, enumerable: true });
  return value;
}

/** The short names that middleware uses. */
const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  json: "application/json; charset=utf-8",
  text: "text/plain; charset=utf-8",
  txt: "text/plain; charset=utf-8",
  xml: "application/xml",
};

function setDefaultType(response: RawResponse, type: string): void {
  if (!response.hasHeader("content-type")) {
    response.setHeader("content-type", type);
  }
}

/** A header holds no other characters than these; what is encoded already stays. */
function encodedUrl(url: string): string {
  return url.replace(/[^\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]+/g, (text) =>
    encodeURIComponent(text),
  );
}
