import * as zlib from "node:zlib";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, type InputType } from "node:zlib";
import {
  _post,
  _requestReceiver,
  type ErrorReport,
  type Extractor,
  json,
  jsonBody,
  type Layer,
  Resource,
  type Service,
} from "argania";
import { RequestDecompressionLayer } from "argania/middleware";

type Compress = (input: InputType) => Buffer;

const { zstdCompressSync } = zlib as unknown as { zstdCompressSync?: Compress };

/** The codings that this Node has, with what compresses in them. */
export const CODINGS: readonly (readonly [coding: string, compress: Compress])[] = [
  ["gzip", gzipSync],
  ["x-gzip", gzipSync],
  ["deflate", deflateSync],
  ["br", brotliCompressSync],
  ...(zstdCompressSync === undefined ? [] : [["zstd", zstdCompressSync] as const]),
];

export const rawDeflate: Compress = deflateRawSync;

/** A service behind the layer that answers with what an extractor gave, and what it reported. */
export function compressedApp(
  extractor: Extractor<unknown, object> = jsonBody,
  layer: Layer = new RequestDecompressionLayer(),
): { service: Service; reports: ErrorReport[]; values: unknown[] } {
  const reports: ErrorReport[] = [];
  const values: unknown[] = [];
  const root = new Resource("/").addLayerTo(_requestReceiver(layer));
  root.setHandlerFor(
    _post.to([extractor], (value) => {
      values.push(value);
      return json({ value });
    }),
  );
  const service = root.intoService({ logger: { error: (report) => void reports.push(report) } });
  return { service, reports, values };
}
