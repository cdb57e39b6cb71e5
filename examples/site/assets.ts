import { readFileSync } from "node:fs";
import { _get, Resource, respond } from "argania";

/** The files of the page app with their types. Only what is listed is served. */
const FILES: Readonly<Record<string, string>> = {
  "app.js": "text/javascript; charset=utf-8",
  "logo.svg": "image/svg+xml",
  "style.css": "text/css; charset=utf-8",
};

/** The resource `/assets`: files that are read once, at start, and served from memory. */
export function buildAssets(): Resource<"/assets"> {
  const assets = new Resource("/assets");
  for (const [name, type] of Object.entries(FILES)) {
    const bytes = readPublicFile(name);
    const headers = {
      "content-type": type,
      "cache-control": "no-cache",
      "x-content-type-options": "nosniff",
    };
    assets.subresource(`/${name}`).setHandlerFor(_get.to(() => respond(headers, bytes)));
  }
  return assets;
}

/** A file of the folder `public`. */
export function readPublicFile(name: string): Uint8Array {
  return readFileSync(new URL(`./public/${name}`, import.meta.url));
}
