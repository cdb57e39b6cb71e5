import { bunWebSocket } from "argania/websocket";
import { root } from "./features.ts";
import { addNodeFeatures } from "./node-features.ts";

declare const Bun: { serve(options: object): { readonly port: number } };

addNodeFeatures(root, process.env.FILES ?? "");
const service = root.intoService();
const { port } = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: service.fetch, websocket: bunWebSocket });
console.log(`listens on ${port}`);
