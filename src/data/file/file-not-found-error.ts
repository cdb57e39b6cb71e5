import { ErrorResponse } from "../../response/error-response.ts";

/** There is no regular file of that name: nothing, a folder, a device. The client is not told which, nor the name. */
export class FileNotFoundError extends ErrorResponse {
  readonly code = "ARGANIA_FILE_NOT_FOUND";
  readonly status = 404;
}
