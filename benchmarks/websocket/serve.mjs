// One echo server in a process of its own. The parent asks for the CPU time used, over IPC.

import { collectOnce } from "../lib/application-heap.mjs";
import { contenders } from "./contenders.mjs";

const port = await contenders[process.argv[2]]();
collectOnce();
process.on("message", (question) => {
  if (question === "usage") {
    const { user, system } = process.cpuUsage();
    process.send({ user, microseconds: user + system, rss: process.memoryUsage.rss() });
  }
});
process.on("disconnect", () => process.exit());
process.send({ port });
