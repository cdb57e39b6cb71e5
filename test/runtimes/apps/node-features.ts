// What needs files, or code made from text: everywhere but on Workers.

import { tmpdir } from "node:os";
import { join } from "node:path";
import { _get, _post, _requestReceiver, json, jsonBody, type Resource, respond } from "argania";
import "argania/fastest-validator";
import { connectHandler, connectLayer } from "argania/connect";
import { fetchHandler } from "argania/fetch";
import { LoggerLayer } from "argania/logger";
import { multipartBody } from "argania/multipart";
import { FileStream, StaticFiles } from "argania/static";
import { pino } from "pino";

export const lines: string[] = [];

export function addNodeFeatures(root: Resource<"/">, files: string): void {
  root.addSubresource(new StaticFiles("/static", files).intoResource());
  root
    .subresource("/download")
    .setHandlerFor(_get.to(() => FileStream.open(join(files, "text.txt"), { attachment: "ä.txt" })));
  root.subresource("/upload").setHandlerFor(
    _post.to([multipartBody()], async (form) => {
      const sizes: number[] = [];
      for await (const part of form)
        sizes.push(await part.saveTo(join(tmpdir(), `argania-${crypto.randomUUID()}`)));
      return json(sizes);
    }),
  );
  root
    .subresource("/rules")
    .setHandlerFor(
      _post.to([jsonBody({ name: "string|min:2", age: "number|optional" })], (user) => json(user)),
    );
  const logger = new LoggerLayer(pino({}, { write: (line: string) => void lines.push(line) }));
  root
    .subresource("/logged")
    .addLayerTo(_requestReceiver(logger))
    .setHandlerFor(_get.to(() => respond({ "x-lines": String(lines.length) }, "logged")));
  root.subresource("/lines").setHandlerFor(_get.to(() => json(lines.map((line) => JSON.parse(line)))));
  root
    .subresource("/mounted ?*")
    .setHandlerFor(
      _get.to(fetchHandler({ fetch: (request: Request) => new Response(new URL(request.url).pathname) })),
    );
  root
    .subresource("/connect")
    .addLayerTo(
      _requestReceiver(
        connectLayer((_req, res, next) => {
          res.setHeader("x-connect", "1");
          next();
        }),
      ),
    )
    .setHandlerFor(_get.to(() => "connected"));
  root.subresource("/express ?*").setHandlerFor(
    _get.to(
      connectHandler((req, res) => {
        res.end(String(req.url));
      }),
    ),
  );
}
