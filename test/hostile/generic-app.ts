import {
  _get,
  _post,
  _requestReceiver,
  around,
  ErrorHandlerLayer,
  Host,
  json,
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
}

/** The application that hostile inputs are sent to: what `hostile/README.md` calls the generic app. */
export function genericApp({ logger, hasWildcards = false }: GenericAppOptions = {}): Service {
  const root = new Resource("/");
  root.setHandlerFor(_get.to(() => "root"));
  root.subresource("/echo/{name}").setHandlerFor(_get.to(({ params }) => params.name));
  root.subresource("/json").setHandlerFor(_post.to(async (context) => json(await readJson(context))));
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

const BODY_LIMIT = 2 ** 20;

async function readJson(context: RequestContext): Promise<object> {
  if (context.header("content-type")?.split(";")[0] !== "application/json") {
    throw new ResponseError(context.header("content-type") === undefined ? 400 : 415);
  }
  if (Number(context.header("content-length") ?? 0) > BODY_LIMIT) {
    throw new ResponseError(413);
  }
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let content = "";
  for await (const chunk of context.request.body ?? []) {
    content += decoder.decode(chunk as Uint8Array, { stream: true });
    if (content.length > BODY_LIMIT) {
      throw new ResponseError(413);
    }
  }
  try {
    return JSON.parse(content) as object;
  } catch (cause) {
    throw new ResponseError(400, "This is no JSON.", { cause });
  }
}

function fail(message: string): never {
  throw new Error(message);
}
