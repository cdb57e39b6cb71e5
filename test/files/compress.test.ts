import { join } from "node:path";
import { FileStream } from "argania/static";
import { expect, test } from "vitest";
import { patternBytes, tempFiles, writeOld } from "./temp-files.ts";

const TEXT = "All happy families are alike. ".repeat(5_000);

test("a file that fails while it is compressed fails the response", async () => {
  const path = join(tempFiles({ "a.bin": patternBytes(3_000_000) }), "a.bin");
  const file = await FileStream.open(path, { encoding: "gzip" });
  writeOld(path, "short");
  const context = {
    method: "GET",
    header: (name: string) => (name === "accept-encoding" ? "gzip" : undefined),
  };
  await expect(file.intoResponse(context).arrayBuffer()).rejects.toThrow("shorter");
});

test("more than can be compressed at once is sent as it is", async () => {
  const path = join(tempFiles({ "a.txt": TEXT }), "a.txt");
  const context = {
    method: "GET",
    header: (name: string) => (name === "accept-encoding" ? "gzip" : undefined),
  };
  const bodies: AsyncIterator<Uint8Array>[] = [];
  const coding = async () => {
    const response = (await FileStream.open(path, { encoding: "gzip" })).intoResponse(context);
    const body = response.takePayload() as AsyncIterable<Uint8Array>;
    bodies.push(body[Symbol.asyncIterator]());
    return response.headers.get("content-encoding");
  };
  for (let count = 0; count < 32; count++) {
    expect(await coding()).toBe("gzip");
    await bodies.at(-1)?.next();
  }
  expect(await coding()).toBeNull();
  await Promise.all(bodies.map((body) => body.return?.()));
  await expect.poll(coding).toBe("gzip");
  await bodies.at(-1)?.return?.();
});
