import { describe, expect, test } from "vitest";
import { announcedLength, UNTOLD } from "../../src/request/node-headers.ts";

describe("the length of a body, as the head announces it", () => {
  test.each([
    [[], 0],
    [["Host", "x", "Accept", "*/*"], 0],
    [["Content-Length", "0"], 0],
    [["Content-Length", "12"], 12],
    [["content-length", "12"], 12],
    [["CONTENT-length", "12"], 12],
    [["Transfer-Encoding", "chunked"], UNTOLD],
    [["transfer-encoding", "chunked", "content-length", "1"], UNTOLD],
    [["Content-Length", "1", "TRANSFER-ENCODING", "chunked"], UNTOLD],
    // Other names of that length, in the place of a name and of a value.
    [["x-client-nonce", "12", "x-transfer-tokens", "chunked"], 0],
    [["x", "content-length", "y", "transfer-encoding"], 0],
    // Nothing that a parser lets through, and nothing to be taken for small.
    [["content-length", "many"], UNTOLD],
    [["content-length", "00"], UNTOLD],
  ])("%j is %i bytes", (rawHeaders, length) => {
    expect(announcedLength(rawHeaders)).toBe(length);
  });
});
