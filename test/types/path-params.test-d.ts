import {
  _delete,
  _get,
  _mistargetedRequest,
  attempt,
  type Extractor,
  type GivingParams,
  header,
  hostParams,
  type ParamsExtractor,
  type ParamsOf,
  type PathParams,
  pathParams,
  type RequestContext,
  Resource,
  type StandardSchema,
  type WantingParams,
} from "argania";
import "argania/fastest-validator";
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";
import { assertType, type Equal } from "./expect-type.ts";

const user = new Resource("/users/{id}");
const post = user.subresource("/posts/{post}");

// A schema that wants a param which the route does not have is refused, of any library.
// @ts-expect-error there is no idd
user.setHandlerFor(_get.to([pathParams(z.object({ idd: z.string() }))], ({ idd }) => idd));
// @ts-expect-error nor beside others
user.setHandlerFor(_get.to([pathParams(z.object({ id: z.string(), post: z.string() }))], ({ id }) => id));
// @ts-expect-error nor in an array, behind other extractors
user.setHandlerFor([_get.to([header("a"), pathParams(v.object({ idd: v.string() }))], (_, { idd }) => idd)]);
// @ts-expect-error nor with arktype
user.setHandlerFor(_get.to([pathParams(type({ idd: "string" }))], ({ idd }) => idd));
// @ts-expect-error nor with rules
user.setHandlerFor(_get.to([pathParams({ idd: "number" })], ({ idd }) => String(idd)));
// @ts-expect-error nor for other purposes
user.setHandlerFor(_mistargetedRequest.to([pathParams({ idd: "number" })], ({ idd }) => String(idd)));

declare const byId: Extractor<Date, { readonly id: string }>;
declare const byIdd: Extractor<Date, { readonly idd: string }>;
declare const byAny: Extractor<Date>;
user.setHandlerFor(_get.to([byId, byAny], (date) => date.toISOString()));
// @ts-expect-error an extractor of one's own that reads another param
user.setHandlerFor(_get.to([byIdd], (date) => date.toISOString()));

// What holds keeps its types: of values, context and args.
user.setHandlerFor(
  _get.to([pathParams(z.object({ id: z.coerce.number() })), header("a")], ({ id }, a, { params }) => {
    assertType<Equal<typeof id, number>>();
    assertType<Equal<typeof a, string>>();
    assertType<Equal<keyof typeof params, "id">>();
    return String(id);
  }),
);
post.setHandlerFor([
  _get.to([pathParams({ id: "number", post: "string" })], ({ id, post }, { params }) => {
    assertType<Equal<typeof id, number>>();
    assertType<Equal<keyof typeof params, "id" | "post">>();
    return post;
  }),
  _delete.wrappedIn().to([pathParams(v.object({ post: v.string() }))], ({ post }) => post),
]);

// What is optional, or not known, may be missing.
declare const unknownInput: StandardSchema<unknown, { readonly a: string }>;
declare const dynamic: string;
user.setHandlerFor(
  _get.to([pathParams(z.object({ id: z.string(), lang: z.string().optional() }))], () => ""),
);
user.setHandlerFor(_get.to([pathParams({ lang: { type: "string", optional: true } })], () => ""));
user.setHandlerFor(_get.to([pathParams(z.record(z.string(), z.string()))], ({ id }) => String(id)));
user.setHandlerFor(_get.to([pathParams(z.looseObject({ id: z.string() }))], ({ id }) => id));
user.setHandlerFor(_get.to([pathParams(unknownInput)], ({ a }) => a));
user.setHandlerFor(_get.to([attempt(pathParams(z.object({ id: z.string() })))], ({ ok }) => String(ok)));
new Resource<string>("/{post}").setHandlerFor(
  _get.to([pathParams(z.object({ id: z.string() }))], ({ id }) => id),
);
new Resource(dynamic).setHandlerFor(_get.to([pathParams(z.object({ id: z.string() }))], ({ id }) => id));
new Resource("http://{tenant}.example.com/{id}").setHandlerFor(
  _get.to([pathParams(z.object({ id: z.string(), tenant: z.string() }))], ({ tenant }) => tenant),
);

// A handler that was made before says its params in its context; else, as that of its context, nothing is known.
const annotated = _get.to(
  [pathParams(z.object({ id: z.string() }))],
  ({ id }, _: RequestContext<ParamsOf<"/{id}">>) => id,
);
user.setHandlerFor(annotated);
// @ts-expect-error there is no id
new Resource("/users").setHandlerFor(annotated);

// Without a schema they are those of the route.
user.setHandlerFor(
  _get.to([pathParams, pathParams()], (params, called) => {
    assertType<Equal<keyof typeof params, "id">>();
    assertType<Equal<keyof typeof called, "id">>();
    return params.id;
  }),
);
// @ts-expect-error there is no idd
user.setHandlerFor(_get.to([header("a"), pathParams], (_, params) => params.idd));
_get.to([pathParams], (params) => {
  assertType<Equal<typeof params, PathParams>>();
  return "";
});

// The context and href, too.
// @ts-expect-error there is no idd
user.setHandlerFor(_get.to(({ params }) => params.idd));
// @ts-expect-error there is no idd
user.href({ idd: 7 });

// A resource that is made with its host has those of the host among them; a tree does not know its hosts.
const tenant = new Resource("http://{tenant}.example.com/{id}");
tenant.setHandlerFor(
  _get.to([pathParams, hostParams], (params, ofHost) => {
    assertType<Equal<keyof typeof params, "tenant" | "id">>();
    assertType<Equal<typeof ofHost.tenant, string | undefined>>();
    return params.tenant;
  }),
);
// @ts-expect-error there is no tenat
tenant.setHandlerFor(_get.to([pathParams], ({ tenat }) => tenat));

// What it returns has types that have a name, for those who export it and have declarations made of their program.
export const theParams: ParamsExtractor<PathParams> = pathParams;
export const calledParams: Extractor<PathParams, object> & GivingParams = pathParams();
export const ownId: Extractor<{ id: number }, object> & WantingParams<{ readonly id: string }> = pathParams({
  id: "number",
});
