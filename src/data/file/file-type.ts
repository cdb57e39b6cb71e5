import mime from "mime";

const UNKNOWN = "application/octet-stream";

/** The `Content-Type` of a file by the extension of its name. Text is UTF-8. */
export function fileType(name: string): string {
  const type = mime.getType(name) ?? UNKNOWN;
  return type.startsWith("text/") ? `${type}; charset=utf-8` : type;
}

/** Text in other clothes; what is packed already (images, video, archives, fonts) grows by being compressed. */
const COMPRESSIBLE =
  /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml|wasm|javascript|graphql|x-sh|rtf|vnd\.ms-fontobject)(?:$|;)|image\/(?:svg\+xml|bmp|x-icon|vnd\.microsoft\.icon)|font\/(?:ttf|otf)|[\w.-]+\/[\w.-]+\+(?:json|xml)(?:$|;))/;

/** Whether compressing a file of this type saves something. */
export function isCompressible(contentType: string): boolean {
  return COMPRESSIBLE.test(contentType);
}
