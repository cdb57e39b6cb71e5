import type { Extractor } from "./extractor.ts";

/** The client's IP address; empty when the runtime does not tell it. Use it as `peer` or `peer()`. */
export const peer: Extractor<string, object> & (() => Extractor<string, object>) =
  /* @__PURE__ */ Object.assign(() => peer, {
    extract: ((context) => context.peerAddress) as Extractor<string, object>["extract"],
  });
