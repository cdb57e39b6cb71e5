import type { RequestContext } from "../request/request-context.ts";
import { assertByteCount } from "./body-limit.ts";
import type { Extractor } from "./extractor.ts";
import { readBody } from "./read-body.ts";

/** An extractor of a body as bytes. Called, it is the same: bytes have no schema. */
export interface BytesExtractor extends Extractor<Uint8Array, object> {
  (): Extractor<Uint8Array, object>;
  /** The same with a limit of its own, in bytes. */
  withLimit(bytes: number): BytesExtractor;
}

/** Makes an extractor of the bytes of a body that `check` lets pass. */
export function bytesExtractor(
  name: string,
  check: (context: RequestContext<object>) => void,
  limit?: number,
): BytesExtractor {
  const plain: Extractor<Uint8Array, object> = {
    extract: (context) => {
      check(context);
      return readBody(context, limit, toBytes);
    },
    readsBody: name,
  };
  const itself = (...args: readonly unknown[]): Extractor<Uint8Array, object> => {
    // Dropped in silence, a schema would be one that checks nothing.
    if (args.length > 0) {
      throw new TypeError(
        `${name} gives bytes and takes no schema and no options: write ${name}, or ${name}.withLimit(10_000).`,
      );
    }
    return plain;
  };
  Object.defineProperty(itself, "name", { value: name });
  return Object.assign(itself, plain, {
    withLimit: (bytes: number): BytesExtractor => {
      assertByteCount(bytes, `${name}.withLimit(…)`);
      return bytesExtractor(name, check, bytes);
    },
  });
}

/** Node's `Buffer` is a `Uint8Array` with other methods under the same names: its `slice` copies nothing. */
function toBytes(body: Uint8Array): Uint8Array {
  return body.constructor === Uint8Array
    ? body
    : new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
}
