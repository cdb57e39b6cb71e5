import { Resource, type Service } from "argania";
import { StaticFiles, type StaticFilesOptions } from "argania/static";

/** What most tests serve. */
export const FILES = {
  "hello.txt": "hello",
  "sub/in.txt": "in",
  "sub/index.html": "<h1>sub</h1>",
  "index.html": "<h1>root</h1>",
  "empty/x/y.txt": "y",
  "über uns.html": "<p>ü</p>",
  ".env": "SECRET",
  ".well-known/security.txt": "contact",
  ".well-known/.hidden": "SECRET",
};

/** A service of static files. */
export function serving(directory: string, options: StaticFilesOptions = {}, pattern = "/assets"): Service {
  return new Resource("/")
    .addSubresource(new StaticFiles(pattern, directory, options).intoResource())
    .intoService();
}

/** The status, and where it leads or what it says. */
export async function answer(service: Service, path: string, headers: Record<string, string> = {}) {
  const response = await service.request(path, { headers });
  return [response.status, response.headers.get("location") ?? (await response.text())];
}
