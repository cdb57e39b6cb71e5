import mime from "mime";

const UNKNOWN = "application/octet-stream";

/** The `Content-Type` of a file by the extension of its name. Text is UTF-8. */
export function fileType(name: string): string {
  const type = mime.getType(name) ?? UNKNOWN;
  return type.startsWith("text/") ? `${type}; charset=utf-8` : type;
}
