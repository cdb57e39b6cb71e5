import { preloadBusboy } from "./load-busboy.ts";

export type { FieldsOf, FieldValue } from "./form-fields.ts";
export { FormPart } from "./form-part.ts";
export { type MultipartExtractor, multipartBody, type PartNames } from "./multipart-body.ts";
export { type MultipartFieldsExtractor, multipartFields } from "./multipart-fields.ts";
export { MultipartForm } from "./multipart-form.ts";
export {
  MultipartFormError,
  type MultipartFormErrorOptions,
  type MultipartProblem,
} from "./multipart-form-error.ts";
export type { MultipartOptions, PartOptions, PartsOption } from "./multipart-options.ts";
export { MultipartPackageError } from "./multipart-package-error.ts";
export type { SaveOptions } from "./save-part.ts";

preloadBusboy();
