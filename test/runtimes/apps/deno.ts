import { root } from "./features.ts";
import { addNodeFeatures } from "./node-features.ts";

declare const Deno: { serve(options: object, handler: unknown): unknown };

addNodeFeatures(root, process.env.FILES ?? "");
const service = root.intoService();
Deno.serve(
  {
    port: 0,
    hostname: "127.0.0.1",
    onListen: ({ port }: { readonly port: number }) => console.log(`listens on ${port}`),
  },
  service.fetch,
);
