import * as zlib from "node:zlib";
import { _get, _requestReceiver, type ErrorReport, type Handler, Resource, type Service } from "argania";
import { CompressionLayer, type CompressionOptions } from "argania/middleware";

/** 40 kB that shrink a lot. */
export const TEXT: string = "All happy families are alike. ".repeat(1_334);

interface WithZstd {
  readonly zstdDecompressSync?: (input: Uint8Array) => Buffer;
}

export const { zstdDecompressSync } = zlib as WithZstd;
export const hasZstd: boolean = zstdDecompressSync !== undefined;

export function decode(coding: string | null | undefined, bytes: Uint8Array): string {
  const decoders: Record<string, (input: Uint8Array) => Buffer> = {
    gzip: zlib.gunzipSync,
    br: zlib.brotliDecompressSync,
    ...(zstdDecompressSync === undefined ? {} : { zstd: zstdDecompressSync }),
  };
  return (
    typeof coding === "string"
      ? (decoders[coding] as (input: Uint8Array) => Buffer)(bytes)
      : Buffer.from(bytes)
  ).toString();
}

/** One resource whose responses are compressed. */
export function serving(
  handler: Handler,
  options?: CompressionOptions,
  reports: ErrorReport[] = [],
): Service {
  const root = new Resource("/");
  root.setHandlerFor(_get.to(handler));
  root.addLayerTo(_requestReceiver(new CompressionLayer(options)));
  return root.intoService({ logger: { error: (report) => void reports.push(report) } });
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly coding: string | null;
  /** How many bytes came. */
  readonly length: number;
  /** Decoded. */
  readonly text: string;
}

export async function ask(
  service: Service,
  acceptEncoding?: string,
  init: { readonly method?: string; readonly headers?: Record<string, string>; readonly path?: string } = {},
): Promise<Answer> {
  const response = await service.request(init.path ?? "/", {
    method: init.method ?? "GET",
    headers: {
      ...init.headers,
      ...(acceptEncoding === undefined ? {} : { "accept-encoding": acceptEncoding }),
    },
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { status, headers } = response;
  const coding = headers.get("content-encoding");
  return {
    status,
    headers,
    coding,
    length: bytes.length,
    text: bytes.length === 0 ? "" : decode(coding, bytes),
  };
}
