import { withoutStack } from "../../common/argania-error.ts";
import { NotFoundResourceError } from "../../response/routing-errors.ts";

/** What is behind the last middleware when nothing else is. */
export function notFound(): never {
  throw withoutStack(() => new NotFoundResourceError());
}
