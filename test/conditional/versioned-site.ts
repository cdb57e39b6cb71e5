import {
  _delete,
  _get,
  _options,
  _patch,
  _post,
  _put,
  _requestHandler,
  type ErrorReport,
  Resource,
  type Service,
} from "argania";
import {
  ConditionalRequestsLayer,
  type ConditionalRequestsOptions,
  type CurrentVersion,
} from "argania/middleware";

export const DATE = "Sun, 06 Nov 1994 08:49:37 GMT";
export const BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT";
export const V1: CurrentVersion = { etag: '"1"', lastModified: new Date(DATE) };

/** What a site of one resource, whose version is known beforehand, has seen. */
export class VersionedSite {
  /** What `validators` gives; an error is thrown. */
  version: unknown = V1;
  asked = 0;
  handled: string[] = [];
  readonly reports: ErrorReport[] = [];

  ask(
    method: string,
    headers: Record<string, string> = {},
    options?: ConditionalRequestsOptions,
  ): Promise<Response> {
    return this.service(options).request("/", { method, headers });
  }

  service(options: ConditionalRequestsOptions = {}): Service {
    const handle = ({ method }: { method: string }) => {
      this.handled.push(method);
      return method === "GET" || method === "HEAD" ? "page" : 204;
    };
    const validators = () => {
      this.asked++;
      if (this.version instanceof Error) {
        throw this.version;
      }
      return this.version as CurrentVersion;
    };
    const root = new Resource("/");
    root.addLayerTo(_requestHandler(new ConditionalRequestsLayer({ validators, ...options })));
    root.setHandlerFor([_get, _put, _post, _patch, _delete, _options].map((kind) => kind.to(handle)));
    return root.intoService({ logger: { error: (report) => this.reports.push(report) } });
  }
}
