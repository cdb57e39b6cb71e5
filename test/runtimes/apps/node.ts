import { Server } from "argania";
import { root } from "./features.ts";
import { addNodeFeatures } from "./node-features.ts";

addNodeFeatures(root, process.env.FILES ?? "");
const { url } = await new Server().serve(root.intoService(), "127.0.0.1:0");
console.log(`listens on ${new URL(url).port}`);
