import { writeSync } from "node:fs";
import { multipartBody } from "../../src/data/multipart/index.ts";
import { _get, _post, json, Resource, Server } from "../../src/index.ts";

/**
 * The largest resident set since it was last asked for, in bytes, as it is sampled, without garbage: of that Node 26 alone
 * leaves up to 90 MiB before it collects the buffers that a socket was read into.
 */
let largest = 0;
setInterval(() => {
  (globalThis as { gc?: () => void }).gc?.();
  largest = Math.max(largest, process.memoryUsage.rss());
}, 10);

const upload = multipartBody({ bodyLimit: Number.POSITIVE_INFINITY });
const root = new Resource("/");
root.setHandlerFor(
  _get.to(() => {
    const answer = { largest, now: process.memoryUsage.rss() };
    largest = 0;
    return json(answer);
  }),
);
root.subresource("/stream").setHandlerFor(
  _post.to([upload], async (form) => {
    let length = 0;
    for await (const part of form) {
      for await (const chunk of part.stream()) {
        length += chunk.byteLength;
      }
    }
    return json(length);
  }),
);
root.subresource("/save").setHandlerFor(
  _post.to([upload], async (form) => {
    let length = 0;
    for await (const part of form) {
      length += await part.saveTo(process.env.SAVE_TO as string, { overwrite: true });
    }
    return json(length);
  }),
);
root.subresource("/skip").setHandlerFor(
  _post.to([upload], async (form) => {
    const names: string[] = [];
    for await (const part of form) {
      names.push(part.name);
    }
    return json(names);
  }),
);

const server = new Server().withLimits({ requestTimeout: 0, handlerTimeout: 0 });
server.serve(root.intoService(), "127.0.0.1:0").then(({ address }) => {
  writeSync(1, `listening on ${address.port}\n`);
});
