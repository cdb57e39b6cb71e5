import {
  _get,
  _post,
  _requestReceiver,
  around,
  ErrorHandlerLayer,
  Host,
  json,
  jsonBody,
  type Logger,
  type RequestContext,
  Resource,
  ResponseError,
  Router,
  respond,
  type Service,
  text,
} from "argania";
import { boom } from "./boom.ts";

/** Variants that some cases ask for. */
export interface GenericAppOptions {
  readonly logger?: Logger;
  /** A resource `/{a}` with a child `/{b}`, so that paths with two slashes could match something. */
  readonly hasWildcards?: boolean;
  /** Told of every run of the handler of `/json`. */
  readonly onJson?: (value: unknown) => void;
}

/** The application that hostile inputs are sent to: what `hostile/README.md` calls the generic app. */
export function genericApp({ logger, hasWildcards = false, onJson }: GenericAppOptions = {}): Service {
  const root = new Resource("/");
  root.setHandlerFor(_get.to(() => "root"));
  root.subresource("/echo/{name}").setHandlerFor(_get.to(({ params }) => params.name));
  root.subresource("/json").setHandlerFor(
    _post.to([jsonBody], (value) => {
      onJson?.(value);
      return json(value);
    }),
  );
  root.subresource("/slash/").setHandlerFor(_get.to(() => "slash"));
  root.subresource("/num/{n:\\d+}").setHandlerFor(_get.to(({ params }) => params.n));
  root
    .subresource("/multi/{a:.+}-{b:.+}-{c:.+}")
    .setHandlerFor(_get.to(({ params: { a, b, c } }) => json([a, b, c])));
  root
    .subresource("/files/{name}.{ext}")
    .setHandlerFor(_get.to(({ params: { name, ext } }) => json([name, ext])));
  root.subresource("/boom/{kind}").setHandlerFor(_get.to((context) => boom(context.params.kind, context)));
  root
    .subresource("/bad-error-handler")
    .setHandlerFor(_get.to(() => fail("DB=postgres://u:p@h")))
    .addLayerTo(_requestReceiver(new ErrorHandlerLayer(() => fail("postgres:// in the error handler"))));
  root.addSubresource([admin(), spa(), staticFiles()]);
  if (hasWildcards) {
    root
      .subresource("/{a}")
      .setHandlerFor(_get.to(({ params }) => json(params)))
      .subresource("/{b}")
      .setHandlerFor(_get.to(({ params }) => json(params)));
  }

  const api = new Resource("/");
  api.setHandlerFor(_get.to(() => "api"));
  const router = new Router();
  router.addHost(new Host("api.example.com", api));
  router.addResource(root);
  return router.intoService(logger === undefined ? {} : { logger });
}

/** Wants `authorization: Bearer ok`. */
const guard = around((context, next) => {
  if (context.header("authorization") !== "Bearer ok") {
    throw new ResponseError(401, "Who are you?");
  }
  return next();
});

function admin(): Resource {
  const resource = new Resource("/admin");
  resource.addLayerTo(_requestReceiver(guard));
  resource.subresource("/secret").setHandlerFor(_get.to(() => "SECRET-PAGE"));
  return resource;
}

/** A page app with a subtree handler, below which one resource is guarded. */
function spa(): Resource {
  const resource = new Resource("/spa *");
  resource.setHandlerFor(_get.to(() => "SPA"));
  resource
    .subresource("/admin")
    .addLayerTo(_requestReceiver(guard))
    .setHandlerFor(_get.to(() => "SPA-ADMIN"));
  return resource;
}

/** As `StaticFiles` will: by decoded segments, never by a path. Its files are in memory. */
function staticFiles(): Resource {
  const files = new Map([
    ["hello.txt", "hello"],
    ["sub\0in.txt", "in"],
  ]);
  const outside = /[/\\\0:]|^\.|[. ]$/;
  const serve = ({ path, subtreeSegments }: RequestContext) => {
    const file = files.get(subtreeSegments.join("\0"));
    if (
      file === undefined ||
      path.endsWith("/") ||
      subtreeSegments.some((segment) => outside.test(segment))
    ) {
      throw new ResponseError(404);
    }
    return respond({ "x-content-type-options": "nosniff" }, text(file));
  };
  return new Resource("/static *").setHandlerFor(_get.to(serve));
}

function fail(message: string): never {
  throw new Error(message);
}
