import serveStatic from "serve-static";
import { listen } from "./listen.mjs";
import { directory } from "./static-scenarios.mjs";

export function start() {
  const serve = serveStatic(directory);
  return listen((request, response) =>
    serve(request, response, () => {
      response.statusCode = 404;
      response.end();
    }),
  );
}
