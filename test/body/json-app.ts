import {
  _post,
  type ErrorReport,
  type Extractor,
  json,
  Resource,
  type Service,
  type StandardResult,
  type StandardSchema,
} from "argania";

/** What a handler behind an extractor of bodies got, and what was reported. */
export interface JsonApp {
  readonly service: Service;
  readonly values: unknown[];
  readonly reports: ErrorReport[];
}

/** Answers with what the extractor gave, wrapped so that `null` and text are JSON, too. */
export function jsonApp(
  extractor: Extractor<unknown, object>,
  define: (root: Resource) => void = () => {},
): JsonApp {
  const values: unknown[] = [];
  const reports: ErrorReport[] = [];
  const root = new Resource("/");
  root.setHandlerFor(
    _post.to([extractor], (value) => {
      values.push(value);
      return json({ value });
    }),
  );
  define(root as unknown as Resource);
  return {
    service: root.intoService({ logger: { error: (report) => void reports.push(report) } }),
    values,
    reports,
  };
}

export type Body = string | Uint8Array | ReadableStream<Uint8Array>;

/** Posts in process, and gives the status with the parsed answer. */
export async function post(
  { service }: { readonly service: Service },
  body: Body | undefined,
  headers: Record<string, string> = { "content-type": "application/json" },
): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }> {
  // Bytes, since a text would bring a type of its own.
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const response = await service.request("/", {
    method: "POST",
    headers,
    ...(bytes === undefined ? {} : { body: bytes }),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

export interface Login {
  readonly name: string;
}

/** `{ name: string }`, as a schema library would have it, synchronous or not. Drops all else. */
export function loginSchema(isAsync = false): StandardSchema<unknown, Login> {
  const check = (value: unknown): StandardResult<Login> => {
    const { name } = (value ?? {}) as { name?: unknown };
    return typeof name === "string"
      ? { value: { name } }
      : { issues: [{ message: "Must be text.", path: ["name"] }] };
  };
  return {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (value) => (isAsync ? Promise.resolve(check(value)) : check(value)),
    },
  };
}
