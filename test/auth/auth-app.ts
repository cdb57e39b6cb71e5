import {
  _get,
  _requestReceiver,
  type ErrorReport,
  type Extractor,
  type Layer,
  Resource,
  type Service,
} from "argania";

export interface AuthApp {
  readonly errors: unknown[];
  readonly service: Service;
  ask(headers?: Record<string, string> | [string, string][], path?: string): Promise<Answer>;
  bearer(token: string): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly challenge: string | null;
  readonly body: string;
}

/** A resource behind a layer, which says who it sees. */
export function authApp(
  layer: Layer & { readonly principal: Extractor<unknown, object> },
  ...inner: Layer[]
): AuthApp {
  const errors: unknown[] = [];
  const root = new Resource("/").addLayerTo(_requestReceiver([layer, ...inner]));
  root.setHandlerFor(_get.to([layer.principal], (principal) => JSON.stringify(principal)));
  root.subresource("/anyone").setHandlerFor(_get.to(() => "anyone"));
  const logger = { error: ({ err }: ErrorReport) => errors.push(err) };
  const service = root.intoService({ logger });
  const ask = async (headers: Record<string, string> | [string, string][] = {}, path = "/") => {
    const response = await service.request(path, { headers });
    const challenge = response.headers.get("www-authenticate");
    return { status: response.status, challenge, body: await response.text() };
  };
  return { errors, service, ask, bearer: (token) => ask({ authorization: `Bearer ${token}` }) };
}

export const REALM = 'Bearer realm="api"';
export const INVALID_TOKEN: object = {
  status: 401,
  challenge: 'Bearer realm="api", error="invalid_token"',
};
