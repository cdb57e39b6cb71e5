import { withoutStack } from "../../common/argania-error.ts";
import { chain, type MaybePromise } from "../../common/maybe-promise.ts";
import { BodyShare } from "../../request/body-share.ts";
import { RequestContext } from "../../request/request-context.ts";
import { BodyLimitError } from "../body-errors.ts";
import { bodyLimit } from "../body-limit.ts";
import type { Extractor } from "../extractor.ts";
import { assertNotEncoded } from "../read-body.ts";
import { boundaryOf } from "./boundary.ts";
import { loadBusboy } from "./load-busboy.ts";
import { MultipartForm } from "./multipart-form.ts";
import { type FormLimits, formLimits, type MultipartOptions, type PartsOption } from "./multipart-options.ts";

/** The names that the parts of a form can have. */
export type PartNames<Parts extends PartsOption> = Parts extends readonly (infer Name extends string)[]
  ? Name
  : string & keyof Parts;

/** An extractor of forms that can be used as it is, or called with options. */
export interface MultipartExtractor extends Extractor<MultipartForm, object> {
  (): Extractor<MultipartForm, object>;
  <const Parts extends PartsOption>(
    options: MultipartOptions<Parts> & { readonly parts: Parts; readonly otherParts?: false },
  ): Extractor<MultipartForm<PartNames<Parts>>, object>;
  (options: MultipartOptions): Extractor<MultipartForm, object>;
}

/** As argan has it. */
const BODY_LIMIT = 8 * 2 ** 20;

/**
 * A form of `multipart/form-data` (RFC 7578), as uploads are sent: use it as `multipartBody`, or with options that say
 * what the form may be like, see {@link MultipartOptions}.
 *
 * - Another type is a 415 (`ARGANIA_UNSUPPORTED_MEDIA_TYPE`), no type a 400 (`ARGANIA_MISSING_HEADER`), no boundary or a malformed
 *   one a 400 (`ARGANIA_MULTIPART_FORM`).
 * - A larger body than `bodyLimit`, 8 MiB by default, is a 413 (`ARGANIA_BODY_LIMIT`): at once when it says so itself.
 *
 * Everything else is told by the loop over its parts, see {@link MultipartForm}. Throws a `TypeError` or a `RangeError` for
 * wrong options.
 *
 * @example
 * ```ts
 * const upload = multipartBody({
 *   bodyLimit: 20 * 2 ** 20,
 *   parts: { title: { required: true, limit: 200 }, photo: { types: ["image/png", "image/jpeg"], count: 5 } },
 * });
 * photos.setHandlerFor(_post.to([upload], async (form) => {
 *   for await (const part of form) {
 *     if (part.name === "photo") await part.saveTo(`/uploads/${crypto.randomUUID()}`);
 *   }
 *   return 201;
 * }));
 * ```
 */
export const multipartBody: MultipartExtractor = callable();

function callable(): MultipartExtractor {
  const extractor = (
    ...args: readonly [] | readonly [MultipartOptions]
  ): Extractor<MultipartForm, object> => {
    // Options that are undefined, as they are too early in a circle of imports, must not mean "no limits".
    const limits = formLimits(args.length === 0 ? {} : args[0], "multipartBody");
    return { extract: (context) => openForm(context, limits, BODY_LIMIT), readsBody: "multipartBody" };
  };
  Object.defineProperty(extractor, "name", { value: "multipartBody" });
  return Object.assign(extractor, extractor()) as MultipartExtractor;
}

/** @param defaultLimit in bytes, for the whole body, where neither the options nor a node have one */
export function openForm(
  context: RequestContext<object>,
  limits: FormLimits,
  defaultLimit: number,
): MaybePromise<MultipartForm> {
  const boundary = boundaryOf(context);
  assertNotEncoded(context);
  const limit = limits.bodyLimit ?? inheritedLimit(context) ?? defaultLimit;
  if (Number(context.header("content-length")) > limit) {
    // Nothing of such a body is taken.
    return RequestContext.sourceOf(context).readBytes(limit, () => {
      throw withoutStack(() => new BodyLimitError(limit));
    });
  }
  const share = new BodyShare();
  return chain(loadBusboy(), ({ Dicer }) => {
    const source = {
      Dicer,
      chunks: () => RequestContext.sourceOf(context).chunks(limit),
      newCollector: (weight: number) => RequestContext.sourceOf(context).newCollector(limit, weight, share),
    };
    return new MultipartForm(source, boundary, { ...limits, bodyLimit: limit });
  });
}

/** What a node says of bodies holds for forms, too; the default of `bodyLimit` is for bodies that are kept in memory. */
function inheritedLimit(context: RequestContext<object>): number | undefined {
  return RequestContext.routeOf(context).properties.get(bodyLimit) as number | undefined;
}
