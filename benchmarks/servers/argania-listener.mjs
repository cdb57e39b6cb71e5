// The same service on node:http's own server: what `Server` costs is the difference. Not among the default contenders.

import { service } from "./argania.mjs";
import { listen } from "./listen.mjs";

export function start(scenario) {
  return listen(service(scenario).nodeListener);
}
