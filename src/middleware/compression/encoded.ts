import { chain, type MaybePromise } from "../../common/maybe-promise.ts";
import { type ChunkSource, compressed } from "../../data/compression/compressed.ts";
import { encodeWhole } from "../../data/compression/encode-whole.ts";
import type { Encoding } from "../../data/compression/encodings.ts";
import type { RequestContext } from "../../request/request-context.ts";
import { toBytes } from "../../response/body-stream.ts";
import { type StreamBody, sourceOf } from "../../response/chunk-source.ts";
import { LightResponse, type Payload } from "../../response/light-response.ts";
import { declaredLength } from "../../response/node-framing.ts";
import { TrailingBody } from "../../response/trailing-body.ts";
import { isOfTheseBytes, weakenEtag } from "./response-traits.ts";

/** The response in a coding; as it is when that would take too long. */
export function encoded(
  context: RequestContext,
  response: LightResponse,
  encoding: Encoding,
): MaybePromise<LightResponse> {
  const payload = response.takePayload();
  if (payload === null) {
    return withEncoded(response, null, encoding);
  }
  if (payload instanceof TrailingBody && payload.names.some(isOfTheseBytes)) {
    return withPayload(response, payload);
  }
  if (typeof payload !== "string" && !(payload instanceof Uint8Array)) {
    const declared = declaredLength(response.headers.list);
    return withEncoded(response, streamed(payload as StreamBody, encoding, declared), encoding);
  }
  if (context.method === "HEAD") {
    const body = compressed(() => sourceOf(one(payload)), encoding);
    return withEncoded(response, body, encoding);
  }
  const whole = encodeWhole(payload, encoding, () => context.signal);
  return whole === null
    ? withPayload(response, payload)
    : chain(whole, (bytes) => withEncoded(response, bytes, encoding));
}

/** Trailers come after the compressed body as they would after the other. */
function streamed(
  body: StreamBody,
  encoding: Encoding,
  declared: number | undefined,
): AsyncIterable<Uint8Array | string> {
  return body instanceof TrailingBody
    ? body.over((chunks) => compressed(() => sourceOf(chunks), encoding))
    : compressed(
        () => (declared === undefined ? sourceOf(body) : ofLength(sourceOf(body), declared)),
        encoding,
      );
}

/** Nobody further out can see any more that something is missing. */
function ofLength(source: ChunkSource, declared: number): ChunkSource {
  let given = 0;
  return {
    ...source,
    async next() {
      const step = await source.next();
      given += step.done === true ? 0 : toBytes(step.value).byteLength;
      if (given > declared || (step.done === true && given !== declared)) {
        throw new RangeError(
          `The response declared content-length ${declared}, but its stream gave ${step.done === true ? "" : "at least "}${given} bytes.`,
        );
      }
      return step;
    },
  };
}

async function* one(payload: string | Uint8Array): AsyncGenerator<string | Uint8Array, void, undefined> {
  yield payload;
}

function withEncoded(response: LightResponse, payload: Payload, { coding }: Encoding): LightResponse {
  const { headers } = response;
  headers.delete("content-length");
  headers.delete("accept-ranges");
  headers.set("content-encoding", coding);
  weakenEtag(headers);
  return withPayload(response, payload);
}

function withPayload({ headers, status, statusText }: LightResponse, payload: Payload): LightResponse {
  const made = LightResponse.withHeaderList(payload, headers.list, status);
  made.statusText = statusText;
  return made;
}
