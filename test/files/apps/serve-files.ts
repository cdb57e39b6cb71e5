import { _get, Resource, Server } from "../../../src/index.ts";
import { FileStream, StaticFiles } from "../../../src/resource/static/index.ts";

// Serves a directory, and says how much memory that takes: at its start, now, and at the most in between.

const directory = process.argv[2] as string;
const root = new Resource("/").addSubresource(new StaticFiles("/static", directory).intoResource());
root
  .subresource("/stream/{name}")
  .setHandlerFor(
    _get.to(({ params }) => FileStream.open(`${directory}/${(params as { name: string }).name}`)),
  );
const memory = () => process.memoryUsage.rss();
let start = 0;
let most = 0;
setInterval(() => {
  most = Math.max(most, memory());
}, 10).unref();

const { address, close } = await new Server().serve(root.intoService(), "127.0.0.1:0");
console.log(`port ${address.port}`);
process.stdin.setEncoding("utf8").on("data", (line: string) => {
  if (line.includes("start")) {
    start = most = memory();
    console.log("started");
  } else if (line.includes("memory")) {
    console.log(`memory ${Math.max(most, memory()) - start}`);
  } else if (line.includes("end")) {
    void close();
    process.stdin.destroy();
  }
});
