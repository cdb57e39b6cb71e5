import { _post, type ErrorReport, type IntoResponse, json, Resource, type Service } from "argania";
import { type MultipartForm, type MultipartOptions, multipartBody } from "argania/multipart";
import { CONTENT_TYPE, streamOf } from "./form-of.ts";

export const QUIET = { logger: { error: () => {} } };

/** A part as a handler saw it. */
export interface SeenPart {
  readonly name: string;
  readonly fileName?: string;
  readonly type: string;
  readonly text: string;
}

/** A service whose `/` reads forms with a handler; `reports` has what went wrong on the server's side. */
export function formService(
  handle: (form: MultipartForm) => IntoResponse | Promise<IntoResponse>,
  options?: MultipartOptions,
): { service: Service; reports: ErrorReport[] } {
  const reports: ErrorReport[] = [];
  const extractor = options === undefined ? multipartBody : multipartBody(options);
  const root = new Resource("/");
  root.setHandlerFor(_post.to([extractor], handle));
  const logger = { error: (report: ErrorReport) => void reports.push(report) };
  return { service: root.intoService({ logger }), reports };
}

/** What the loop sees: each part as it is read, and how it ends. */
export async function partsOf(form: MultipartForm): Promise<SeenPart[]> {
  const seen: SeenPart[] = [];
  for await (const part of form) {
    const { name, fileName, contentType: type } = part;
    const text = Buffer.from(await part.bytes()).toString("latin1");
    seen.push({ name, ...(fileName === undefined ? {} : { fileName }), type, text });
  }
  return seen;
}

/** Sends a body to a service; gives status and parsed answer. */
export async function send(
  service: Service,
  body: string | Uint8Array | readonly Uint8Array[] | null,
  contentType: string | null = CONTENT_TYPE,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; body: unknown }> {
  const response = await service.request("/", {
    method: "POST",
    headers: { ...(contentType === null ? {} : { "content-type": contentType }), ...headers },
    body: Array.isArray(body) ? streamOf(body) : (body as Uint8Array<ArrayBuffer> | string | null),
  });
  return { status: response.status, body: await response.json() };
}

/** Reads a form with default options and gives its parts, or the problem. */
export async function readForm(
  body: string | Uint8Array | readonly Uint8Array[],
  options?: MultipartOptions,
  contentType?: string,
): Promise<{ status: number; body: unknown }> {
  const { service } = formService(async (form) => json(await partsOf(form)), options);
  return send(service, body, contentType);
}
