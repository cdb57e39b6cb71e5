import sirv from "sirv";
import { listen } from "./listen.mjs";
import { directory } from "./static-scenarios.mjs";

/** In its production mode the files are looked at when it starts; `dev` does so at each request, as the others do. */
export function start(_, variant) {
  const serve = sirv(directory, { etag: true, dev: variant === "dev" });
  return listen((request, response) => serve(request, response));
}
