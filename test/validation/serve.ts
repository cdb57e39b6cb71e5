import {
  _get,
  _post,
  type ErrorReport,
  type Extractor,
  json,
  Resource,
  type Service,
  type ServiceRequestInit,
} from "argania";

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface Served {
  readonly service: Service;
  /** What was logged. */
  readonly reports: ErrorReport[];
  /** What the handler got last. */
  seen: unknown;
  get(target: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  post(body: unknown, target?: string): Promise<Answer>;
}

/** An application that answers with what an extractor gives: at `/`, and at `/{a}` and `/{a}/{b}` for path params. */
export function serve(extractor: Extractor<unknown, object>): Served {
  const reports: ErrorReport[] = [];
  const handle = (value: unknown) => {
    served.seen = value;
    return json(value ?? null);
  };
  const root = new Resource("/");
  for (const resource of [root, root.subresource("/{a}"), root.subresource("/{a}/{b}")]) {
    resource.setHandlerFor([_get.to([extractor], handle), _post.to([extractor], handle)]);
  }
  const service = root.intoService({ logger: { error: (report) => reports.push(report) } });
  const request = async (target: string, init?: ServiceRequestInit): Promise<Answer> => {
    const response = await service.request(target, init);
    return { status: response.status, body: await response.json() };
  };
  const served: Served = {
    service,
    reports,
    seen: undefined,
    get: (target, headers = {}) => request(target, { headers }),
    post: (body, target = "/") =>
      request(target, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
  };
  return served;
}

/** The issues of an answer as one text each, `path: message`. */
export function issuesOf({ body }: Answer): readonly string[] {
  const { issues = [] } = body as { issues?: { path: string; message: string }[] };
  return issues.map(({ path, message }) => `${path}: ${message}`);
}

/** Where an answer says that something is wrong. */
export function pathsOf({ body }: Answer): readonly string[] {
  return ((body as { issues?: { path: string }[] }).issues ?? []).map(({ path }) => path);
}
