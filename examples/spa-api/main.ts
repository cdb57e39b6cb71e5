import { ArganiaError, Server } from "argania";
import { buildSite } from "./build-site.ts";

try {
  const port = Number(process.env.PORT || 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new RangeError(`PORT is "${process.env.PORT}": use a number from 0 to 65535.`);
  }
  const origin = process.env.SECOND_ORIGIN || "http://localhost:5173";

  const service = buildSite({ origin });
  const { url, closed } = await new Server()
    .withLimits({ requestTimeout: 30_000, sendTimeout: 30_000 })
    .withGracefulShutdown(5_000)
    .serve(service, `127.0.0.1:${port}`);

  console.log(`${service.toString()}

  ${url}/                # the app; open it twice, and see a note that one adds in the other
  ${url}/notes/1         # a page of the app: the server sends the same file
  curl -i ${url}/api/notes
  curl -i -H "content-type: application/json" -d '{"title":"Hello"}' ${url}/api/notes
  curl -i -X PUT -H 'if-match: "1"' -H "content-type: application/json" -d '{"title":"New"}' ${url}/api/notes/1
  curl -N ${url}/api/notes/events                       # every change, as it is made
  curl -i ${url}/api/notes/2/summary                    # 504: it takes too long
  curl -i -H "origin: ${origin}" ${url}/api/notes       # CORS for a second front end
  curl ${url}/legacy/express/hello/ada                  # Express
  curl ${url}/legacy/hono/hello/ada                     # Hono

Serving on ${url}, for this machine only. Ctrl-C ends it.
`);
  await closed;
  console.log("Closed.");
} catch (error) {
  // What argania refuses, a taken port or a wrong option, says what to do: a stack says no more.
  console.error(error instanceof ArganiaError || error instanceof RangeError ? error.message : error);
  process.exitCode = 1;
}
