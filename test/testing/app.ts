import {
  _get,
  _post,
  type ErrorReport,
  type RequestContext,
  Resource,
  type Service,
  type ServiceOptions,
} from "argania";
import { type TestClient, type TestClientOptions, testClient } from "argania/testing";
import { onTestFinished } from "vitest";

/** A tree to be filled, and a client for it that is closed after the test. */
export function site(fill: (root: Resource<"/">) => void, serviceOptions: ServiceOptions = {}) {
  const errors: ErrorReport[] = [];
  const root = new Resource("/");
  fill(root);
  const service: Service = root.intoService({
    logger: { error: (report) => errors.push(report) },
    ...serviceOptions,
  });
  const client = (options?: TestClientOptions): TestClient => {
    const made = testClient(service, options);
    onTestFinished(() => made.close());
    return made;
  };
  return { service, client, errors };
}

/** Answers with what it was sent. */
export function echoing(root: Resource<"/">): void {
  const echo = root.subresource("/echo");
  const answer = async (context: RequestContext<object>) => ({
    method: context.method,
    url: context.url.href,
    peer: context.peerAddress,
    headers: Object.fromEntries(context.headers),
    body: await context.request.text(),
  });
  echo.setHandlerFor([_get.to(answer), _post.to(answer)]);
}
