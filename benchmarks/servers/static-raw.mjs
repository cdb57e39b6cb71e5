// node:http by hand: what serving files takes at least when each request looks at the file. No directories, no ranges.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join, normalize, sep } from "node:path";
import { pipeline } from "node:stream";
import { listen } from "./listen.mjs";
import { directory } from "./static-scenarios.mjs";

const TYPES = { ".txt": "text/plain; charset=utf-8" };

export function start() {
  return listen(async (request, response) => {
    try {
      await answer(request, response);
    } catch {
      response.writeHead(404, { "Content-Length": 0 }).end();
    }
  });
}

async function answer({ url, headers }, response) {
  const path = normalize(join(directory, decodeURIComponent(url)));
  if (!path.startsWith(directory + sep) || path.includes("\0")) throw new Error("not found");
  const { size, mtime, mtimeMs } = await stat(path);
  const etag = `W/"${size.toString(16)}-${mtimeMs.toString(16)}"`;
  const validators = {
    ETag: etag,
    "Last-Modified": mtime.toUTCString(),
    "Cache-Control": "public, max-age=0",
  };
  if (isFresh(headers, etag, mtimeMs)) {
    response.writeHead(304, validators).end();
    return;
  }
  const type = TYPES[path.slice(path.lastIndexOf("."))] ?? "application/octet-stream";
  response.writeHead(200, { ...validators, "Content-Type": type, "Content-Length": size });
  // Closes the file, too, when the client goes away.
  pipeline(createReadStream(path), response, () => {});
}

/** RFC 9110 §13.2.2: a date counts only where there is no tag. */
function isFresh(headers, etag, mtimeMs) {
  const { "if-none-match": known, "if-modified-since": since } = headers;
  if (known !== undefined) return known === "*" || known.split(/, */).includes(etag);
  return since !== undefined && Math.floor(mtimeMs / 1_000) * 1_000 <= Date.parse(since);
}
