import { createServer } from "node:http";
import {
  _delete,
  _get,
  _mistargetedRequest,
  _post,
  _requestPasser,
  _requestReceiver,
  _wildcardMethod,
  type Args,
  type Attempt,
  attempt,
  type Extractor,
  header,
  hostParams,
  identity,
  json,
  optional,
  type ParamsOf,
  pathParams,
  peer,
  type QueryParams,
  queryParams,
  type RequestContext,
  Resource,
  Router,
  type Service,
  type StandardSchema,
} from "argania";
import { assertType, type Equal } from "./expect-type.ts";

// Params are inferred from the pattern, in every position of setHandlerFor.
const user = new Resource("/users/{id:\\d{1,5}}");
user.setHandlerFor(_get.to((context) => context.params.id));
user.setHandlerFor([_get.to(({ params }) => params.id), _post.to(async ({ params }) => json(params.id))]);
user.setHandlerFor(
  _get.to((context) => {
    assertType<Equal<typeof context.params.id, string>>();
    assertType<Equal<keyof typeof context.params, "id">>();
    return "";
  }),
  _mistargetedRequest.to((context) => context.params.id),
  _wildcardMethod.to((context) => context.params.id),
);

// A wrong name is a compile error, in arrays and behind extractors too.
// @ts-expect-error
user.setHandlerFor(_get.to((context) => context.params.ID));
// @ts-expect-error
user.setHandlerFor([_get.to((context) => context.params.name)]);
// @ts-expect-error
user.setHandlerFor(_get.to([peer], (_address, context) => context.params.nome));

// Several captures in a segment, host captures, and parents through subresource().
new Resource("http://{tenant}.example.com/{name}.{ext} *").setHandlerFor(
  _get.to(({ params }) => {
    assertType<Equal<keyof typeof params, "tenant" | "name" | "ext">>();
    return params.tenant;
  }),
);
user.subresource("/posts/{slug}").setHandlerFor(
  _get.to(({ params }) => {
    assertType<Equal<keyof typeof params, "id" | "slug">>();
    return params.slug;
  }),
);
new Router()
  .resource("http://{tenant}.example.com/x/{n:5|10}")
  .setHandlerFor(_get.to(({ params }) => `${params.tenant}${params.n}`));

// Without captures there are no params; with a pattern known only at run time they are strings.
new Resource("/plain").setHandlerFor(
  // @ts-expect-error
  _get.to(({ params }) => params.anything),
);
declare const dynamic: string;
new Resource(dynamic).setHandlerFor(
  _get.to(({ params }) => {
    assertType<Equal<typeof params.anything, string | undefined>>();
    return "";
  }),
);

// Where inference does not reach, the context says its params itself, and is held to them.
_get.to((context: RequestContext<ParamsOf<"/users/{id}">>) => context.params.id).wrappedIn(identity);
user.setHandlerFor(
  _get.to((context: RequestContext<{ id: string }>) => context.params.id).wrappedIn(identity),
);
user.setHandlerFor(
  // @ts-expect-error
  _get.to((context: RequestContext<{ other: string }>) => context.params.other).wrappedIn(identity),
);

// Layers written first leave inference as it is.
user.setHandlerFor(_get.wrappedIn(identity).to((context) => context.params.id));
// @ts-expect-error
user.setHandlerFor(_get.wrappedIn(identity).to((context) => context.params.nope));

// Extractors' results are typed, in their order.
interface Page {
  readonly page: number;
}
declare const Page: StandardSchema<unknown, Page>;
declare const session: Extractor<Promise<{ user: string }>>;
user.setHandlerFor(
  _get.to(
    [
      queryParams(Page),
      queryParams,
      pathParams,
      pathParams(Page),
      header("x-tenant"),
      optional(header("x")),
      attempt(queryParams(Page)),
      hostParams,
      peer,
      peer(),
      session,
    ],
    (
      page,
      query,
      params,
      schemaParams,
      tenant,
      maybe,
      tried,
      host,
      address,
      called,
      current,
      context,
      args,
    ) => {
      assertType<Equal<typeof page, Page>>();
      assertType<Equal<typeof query, QueryParams>>();
      assertType<Equal<typeof params, { readonly id: string }>>();
      assertType<Equal<typeof schemaParams, Page>>();
      assertType<Equal<typeof tenant, string>>();
      assertType<Equal<typeof maybe, string | undefined>>();
      assertType<Equal<typeof tried, Attempt<Page>>>();
      assertType<Equal<(typeof host)[string], string>>();
      assertType<Equal<typeof address, string>>();
      assertType<Equal<typeof called, string>>();
      assertType<Equal<typeof current, { user: string }>>();
      assertType<Equal<typeof context.params.id, string>>();
      assertType<Equal<typeof args.nodeExtension, unknown>>();
      return null;
    },
  ),
);

// Extensions are typed where they are set, and below.
interface Db {
  find(id: string): object;
}
declare const db: Db;
const withDb = new Resource("/db").setExtension(db);
withDb.setHandlerFor(_get.to((_context, args) => args.nodeExtension.find("1")));
withDb.subresource("/{id}").setHandlerFor(_get.to(({ params }, args) => args.nodeExtension.find(params.id)));
// @ts-expect-error
withDb.setHandlerFor(_get.to((_context, args) => args.nodeExtension.lose("1")));
new Resource("/other").setHandlerFor(
  // @ts-expect-error
  _get.to((_context, args: Args<Db, undefined>) => args.nodeExtension.find("1")),
);

// A handler that wants an extension of its own is refused until it has got one of that type.
const limited = (_context: RequestContext<object>, args: Args<unknown, { limit: number }>) =>
  args.handlerExtension;
user.setHandlerFor(_delete.to(limited).withExtension({ limit: 3 }));
// @ts-expect-error
user.setHandlerFor(_delete.to(limited));
// @ts-expect-error
user.setHandlerFor(_delete.to(limited).withExtension({ limit: "3" }));

// href() wants what the path has.
user.href({ id: 7 }, { query: { a: 1 }, hash: "top" });
new Resource("/plain").href();
// @ts-expect-error
user.href();
// @ts-expect-error
user.href({ ID: 7 });
// @ts-expect-error
user.href({ id: {} });

// Targets that a node does not have are refused.
new Router().addLayerTo(_requestPasser(identity));
// @ts-expect-error
new Router().addLayerTo(_requestReceiver(identity));

// A service fits where runtimes and Node want a handler.
declare const service: Service;
createServer(service.nodeListener);
const worker: { fetch(request: Request): Response | Promise<Response> } = service;
worker.fetch(new Request("http://x/"));

// A subresource has its parents' params over several steps, also where these are known only at run time.
new Resource("/")
  .subresource("/{a}")
  .subresource("/b")
  .subresource("/{c}.{d}")
  .setHandlerFor(
    _get.to(({ params }) => {
      assertType<Equal<keyof typeof params, "a" | "c" | "d">>();
      return params.a;
    }),
  );
new Resource(dynamic).subresource("/{known}").setHandlerFor(
  _get.to(({ params }) => {
    assertType<Equal<typeof params.known, string>>();
    assertType<Equal<typeof params.anything, string | undefined>>();
    return null;
  }),
);
export function below<Params extends object>(resource: Resource<string, Params>): void {
  resource.subresource("/{id}").setHandlerFor(_get.to(({ params }) => params.id));
}

// What wants a param takes resources that have it, and no others.
function comments(parent: Resource<string, { readonly post: string }>): void {
  parent.subresource("/comments").setHandlerFor(_get.to(({ params }) => params.post));
}
const posts = new Resource("/posts");
comments(posts.subresource("/{post}"));
comments(new Resource("http://{tenant}.example.com/posts/{post}"));
// @ts-expect-error
comments(posts);
// @ts-expect-error
comments(posts.subresource("/{id}"));

// What wants none takes all.
function health(parent: Resource): void {
  parent.subresource("/health").setHandlerFor(_get.to(() => "well"));
}
health(posts);
health(posts.subresource("/{post}"));
health(new Resource("/").setExtension({ database: 1 }));
