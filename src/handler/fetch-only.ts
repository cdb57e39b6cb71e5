import type { NodeEntrance } from "./node-entrance.ts";

/**
 * What a service has in place of Node's listeners in a bundle without them. They fail when they are asked for, since a listener
 * that failed later would take the server with it.
 */
export function fetchOnly(): NodeEntrance {
  return {
    get nodeListener(): never {
      return refuse("nodeListener");
    },
    get createNodeListener(): never {
      return refuse("createNodeListener");
    },
    get upgradeListener(): never {
      return refuse("upgradeListener");
    },
    get createUpgradeListener(): never {
      return refuse("createUpgradeListener");
    },
  };
}

function refuse(name: string): never {
  throw new TypeError(
    `service.${name} is not in this bundle, which was made with ARGANIA_FETCH_ONLY: use service.fetch, or bundle without it.`,
  );
}
