import { withoutStack } from "../../common/argania-error.ts";
import type { RequestContext } from "../../request/request-context.ts";
import { UnsupportedMediaTypeError } from "../body-errors.ts";
import { MissingHeaderError } from "../extractor-errors.ts";
import { parseMediaType } from "../media-type.ts";
import { formError } from "./multipart-form-error.ts";

/** RFC 2046 §5.1.1: at most 70 of these characters, of which the last is no space. */
const BOUNDARY = /^[\dA-Za-z'()+_,\-./:=? ]{0,69}[\dA-Za-z'()+_,\-./:=?]$/;

/** What separates the parts of the form that a request says it has. */
export function boundaryOf(context: RequestContext<object>): string {
  const contentType = context.header("content-type");
  if (contentType === undefined) {
    throw withoutStack(() => new MissingHeaderError("Content-Type"));
  }
  const parsed = parseMediaType(contentType);
  if (parsed?.essence !== "multipart/form-data") {
    throw withoutStack(
      () =>
        new UnsupportedMediaTypeError("The body must be of the type multipart/form-data.", {
          headers: { accept: "multipart/form-data" },
        }),
    );
  }
  const boundaries = parsed.parameters.filter(([name]) => name === "boundary");
  const boundary = boundaries[0]?.[1];
  if (boundary === undefined) {
    throw formError("malformed", "The Content-Type has no boundary.");
  }
  // Of two a proxy may take the other one, and see another form.
  if (boundaries.length > 1 || !BOUNDARY.test(boundary)) {
    throw formError("malformed", "The boundary in the Content-Type is malformed.");
  }
  return boundary;
}
