import fc from "fast-check";
import { expect, test } from "vitest";
import { isCompressible } from "../../src/data/compression/compressible-type.ts";
import { wantedRanges } from "../../src/data/file/byte-ranges.ts";
import { contentDisposition } from "../../src/data/file/content-disposition.ts";
import { fileType } from "../../src/data/file/file-type.ts";
import { relativePathOf } from "../../src/data/file/relative-path.ts";
import { FileCache } from "../../src/resource/static/file-cache.ts";

const span = (start: number, end: number) => ({ start, end });

test.each([
  ["bytes=0-499", 10_000, [span(0, 500)]],
  ["bytes=500-999", 10_000, [span(500, 1_000)]],
  ["bytes=-500", 10_000, [span(9_500, 10_000)]],
  ["bytes=9500-", 10_000, [span(9_500, 10_000)]],
  ["bytes=0-0,-1", 10_000, [span(0, 1), span(9_999, 10_000)]],
  ["bytes=9000-9999,0-99", 10_000, [span(0, 100), span(9_000, 10_000)]],
  ["bytes=500-700,601-999", 10_000, [span(500, 1_000)]],
  ["bytes=0-99,170-199", 10_000, [span(0, 200)]],
  ["bytes=0-99,180-199", 10_000, [span(0, 100), span(180, 200)]],
  ["bytes=0-9,20000-", 10_000, [span(0, 10)]],
  ["bytes=0-", 10_000, [span(0, 10_000)]],
  ["bytes=-20000", 10_000, [span(0, 10_000)]],
  ["bytes=0-,0-", 10_000, "whole"],
  ["bytes=0-4999,5000-", 10_000, "whole"],
  ["bytes=20000-", 10_000, "unsatisfiable"],
  ["bytes=-0", 10_000, "unsatisfiable"],
  ["bytes=1-0", 10_000, "whole"],
  ["items=0-1", 10_000, "whole"],
  ["bytes=0-1", 0, "whole"],
  [
    `bytes=${Array.from({ length: 16 }, (_, i) => `${i * 500}-${i * 500}`).join()}`,
    10_000,
    expect.any(Array),
  ],
  [`bytes=${Array.from({ length: 17 }, (_, i) => `${i * 500}-${i * 500}`).join()}`, 10_000, "whole"],
  [`bytes=${"0-1,".repeat(199)}5-6`, 10_000, [span(0, 7)]],
  [`bytes=${"0-1,".repeat(200)}5-6`, 10_000, "whole"],
] as const)("%s of %i bytes", (header, size, expected) => {
  expect(wantedRanges(header, size)).toEqual(expected);
});

test("whatever is asked for, what is sent is in the file, in order, without overlaps, and no more than it", () => {
  const spec = fc.oneof(
    fc.tuple(fc.nat(120), fc.nat(120)).map(([first, last]) => `${first}-${last}`),
    fc.nat(120).map((first) => `${first}-`),
    fc.nat(120).map((length) => `-${length}`),
    fc.string({ maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(spec, { maxLength: 30 }), fc.nat(100), (specs, size) => {
      const spans = wantedRanges(`bytes=${specs.join(",")}`, size);
      let end = -1;
      for (const each of typeof spans === "string" ? [] : spans) {
        expect(each.start).toBeGreaterThan(end);
        expect(each.end).toBeGreaterThan(each.start);
        expect(each.end).toBeLessThanOrEqual(size);
        end = each.end;
      }
    }),
  );
});

test.each([
  [undefined, "attachment"],
  ["report.pdf", 'attachment; filename="report.pdf"'],
  ['a"b\\c.txt', 'attachment; filename="a\\"b_c.txt"'],
  ["Überblick.pdf", `attachment; filename="_berblick.pdf"; filename*=UTF-8''%C3%9Cberblick.pdf`],
  ["it's (1)*.txt", `attachment; filename="it's (1)*.txt"`],
  ["ü's (1)*.txt", `attachment; filename="_'s (1)*.txt"; filename*=UTF-8''%C3%BC%27s%20%281%29%2A.txt`],
  ["50%41.txt", `attachment; filename="50%41.txt"; filename*=UTF-8''50%2541.txt`],
  ["a\r\nSet-Cookie: x=1\0.txt", 'attachment; filename="a__Set-Cookie: x=1_.txt"'],
  ["../../etc/passwd", 'attachment; filename=".._.._etc_passwd"'],
  ["annex\u202etxt.exe", 'attachment; filename="annex_txt.exe"'],
  ["\ud800.txt", `attachment; filename="_.txt"; filename*=UTF-8''%EF%BF%BD.txt`],
  ["😀.txt", `attachment; filename="_.txt"; filename*=UTF-8''%F0%9F%98%80.txt`],
  ["..", 'attachment; filename="_"'],
  ["x".repeat(1_000), `attachment; filename="${"x".repeat(255)}"`],
])("the name %j", (name, expected) => {
  expect(contentDisposition("attachment", name)).toBe(expected);
});

test("no name ends its value or the header", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), (name) => {
      expect(contentDisposition("inline", name)).toMatch(
        /^inline; filename="(?:[ !#-[\]-~]|\\["\\])*"(?:; filename\*=UTF-8''(?:[\w!#$&+\-.^`|~]|%[\dA-F]{2})+)?$/,
      );
    }),
  );
});

test.each([
  ["a.html", "text/html; charset=utf-8", true],
  ["a.mjs", "text/javascript; charset=utf-8", true],
  ["a.CSS", "text/css; charset=utf-8", true],
  ["a.json", "application/json", true],
  ["a.webmanifest", "application/manifest+json", true],
  ["a.svg", "image/svg+xml", true],
  ["a.wasm", "application/wasm", true],
  ["a.png", "image/png", false],
  ["a.woff2", "font/woff2", false],
  ["a.mp4", "video/mp4", false],
  ["a.gz", "application/gzip", false],
  ["README", "application/octet-stream", false],
  ["dir.html/README", "application/octet-stream", false],
  ["a.unknown", "application/octet-stream", false],
])("the type of %s is %s", (name, type, compressible) => {
  expect([fileType(name), isCompressible(fileType(name))]).toEqual([type, compressible]);
});

test("a cache keeps to its bytes, and what is used longer than what is not", () => {
  const cache = new FileCache<{ bytes: number }>(10 * 1_024);
  const value = { bytes: 1_024 };
  for (const key of ["a", "b", "c", "d"]) {
    cache.set(key, value);
  }
  cache.get("a");
  for (const key of ["e", "f", "g"]) {
    cache.set(key, value);
  }
  expect(["a", "b", "c", "d", "e"].map((key) => cache.get(key) !== undefined)).toEqual([
    true,
    false,
    false,
    true,
    true,
  ]);
  cache.set("huge", { bytes: 10 * 1_024 });
  expect([cache.get("huge"), cache.get("d") !== undefined]).toEqual([undefined, true]);
  cache.set("d", { bytes: 2 });
  cache.delete("none");
  expect(cache.get("d")).toEqual({ bytes: 2 });
});

test("a path is made of whole segments only", () => {
  expect(relativePathOf(["a", "b.txt"], "deny")).toBe("a/b.txt");
  expect(relativePathOf([], "deny")).toBe("");
  const refused = ["", ".", "..", "a/b", "a\\b", "a\0b", "a:b", "a.", "a ", ".a", "..a", "a..", "/"];
  expect(refused.map((segment) => relativePathOf(["x", segment], "deny"))).toEqual(refused.map(() => null));
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (segments) => {
      const path = relativePathOf(segments, "allow");
      return (
        path === null ||
        (path.split("/").length === Math.max(segments.length, 1) && !/(?:^|\/)\.{1,2}(?:\/|$)/.test(path))
      );
    }),
  );
});
