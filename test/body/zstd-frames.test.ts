import * as zlib from "node:zlib";
import { jsonBody } from "argania";
import { describe, expect, it, test } from "vitest";
import { ZstdFrames } from "../../src/middleware/decompression/zstd-frames.ts";
import { compressedApp } from "./compressed-app.ts";
import { post } from "./json-app.ts";

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
/** A block header: last, type and size. */
const block = (isLast: boolean, type: number, size: number) => {
  const header = (isLast ? 1 : 0) + type * 2 + size * 8;
  return [header & 255, (header >> 8) & 255, header >> 16];
};

/** Whole bodies, by hand: what RFC 8878 §3.1.1 allows. */
const BODIES: readonly (readonly [string, readonly number[]])[] = [
  ["a raw block", [...MAGIC, 0x20, 3, ...block(true, 0, 3), 1, 2, 3]],
  ["an empty block", [...MAGIC, 0x20, 0, ...block(true, 0, 0)]],
  ["a block of one repeated byte", [...MAGIC, 0x20, 200, ...block(true, 1, 200), 7]],
  ["two blocks", [...MAGIC, 0x20, 4, ...block(false, 0, 3), 1, 2, 3, ...block(true, 1, 1), 7]],
  ["a window and no length", [...MAGIC, 0x00, 0x58, ...block(true, 0, 2), 1, 2]],
  ["a length of two bytes", [...MAGIC, 0x40, 0x58, 0, 0, ...block(true, 0, 1), 1]],
  ["a length of four bytes", [...MAGIC, 0xa0, 1, 0, 0, 0, ...block(true, 0, 1), 1]],
  ["a length of eight bytes", [...MAGIC, 0xe0, 1, 0, 0, 0, 0, 0, 0, 0, ...block(true, 0, 1), 1]],
  ["a dictionary of four bytes", [...MAGIC, 0x23, 1, 2, 3, 4, 1, ...block(true, 0, 1), 1]],
  ["a checksum", [...MAGIC, 0x24, 1, ...block(true, 0, 1), 1, 9, 9, 9, 9]],
  ["a frame to be skipped", [0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]],
];

function isWhole(...chunks: readonly (readonly number[])[]): boolean {
  const frames = new ZstdFrames();
  for (const chunk of chunks) {
    frames.add(Uint8Array.from(chunk));
  }
  return frames.isWhole;
}

describe("a body in zstd", () => {
  it.each(BODIES)("with %s is whole at its end and nowhere else", (_, bytes) => {
    const cuts = bytes.map((_byte, index) => isWhole(bytes.slice(0, index)));
    expect([cuts.indexOf(true), cuts.lastIndexOf(true), isWhole(bytes)]).toEqual([0, 0, true]);
  });

  it("may consist of several frames, in any chunks", () => {
    const all = BODIES.flatMap(([, bytes]) => bytes);
    expect(isWhole(all)).toBe(true);
    expect(isWhole(...all.map((byte) => [byte]))).toBe(true);
    expect(isWhole(all.slice(0, -1))).toBe(false);
    expect(isWhole([...all, 0x28])).toBe(false);
  });

  it("that is none is left to the decoder", () => {
    expect(isWhole([1, 2, 3, 4, 5])).toBe(true);
  });
});

const { zstdCompressSync, constants } = zlib as unknown as {
  readonly zstdCompressSync?: (input: string, options?: object) => Buffer;
  readonly constants: Readonly<Record<string, number>>;
};

describe.skipIf(zstdCompressSync === undefined)("on a Node that has zstd", () => {
  const encoded = { "content-type": "application/json", "content-encoding": "zstd" };
  const compress = zstdCompressSync as NonNullable<typeof zstdCompressSync>;

  test("frames in a row are one body, or refused where Node stops behind the first", async () => {
    const skipped = Buffer.from(BODIES.at(-1)?.[1] ?? []);
    const body = Buffer.concat([compress("[1"), skipped, compress(",2]")]);
    const answer = await post(compressedApp(), body, encoded);
    if (Number(process.versions.node.split(".")[0]) >= 26) {
      expect(answer.body).toEqual({ value: [1, 2] });
    } else {
      expect(answer.body).toMatchObject({ code: "ARGANIA_CONTENT_ENCODING" });
    }
  });

  test("a checksum is checked", async () => {
    const body = compress('{"a":"text"}', { params: { [constants.ZSTD_c_checksumFlag as number]: 1 } });
    expect((await post(compressedApp(), body, encoded)).status).toBe(200);
    body[body.length - 1] = (body.at(-1) as number) ^ 1;
    expect((await post(compressedApp(), body, encoded)).body).toMatchObject({
      code: "ARGANIA_CONTENT_ENCODING",
    });
  });

  test("a window beyond 8 MiB is refused: it would be memory at the client's will", async () => {
    const app = compressedApp(jsonBody);
    const frame = (window: number) => Buffer.from([...MAGIC, 0x00, window, ...block(true, 0, 2), 0x5b, 0x5d]);
    expect((await post(app, frame((23 - 10) << 3), encoded)).body).toEqual({ value: [] });
    expect(await post(app, frame((24 - 10) << 3), encoded)).toMatchObject({
      status: 400,
      body: { code: "ARGANIA_CONTENT_ENCODING" },
    });
  });
});
