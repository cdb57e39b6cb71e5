import type { BodyMemory } from "../request/body-memory.ts";
import type { ReadForwarded } from "../request/forwarded.ts";
import type { ContextScope } from "./current-context.ts";
import { type Logger, reportTo } from "./logger.ts";
import { type NodeListener, type NodeListenerOptions, nodeListeners } from "./node-listener.ts";
import type { ServiceRoot } from "./service-root.ts";
import { type UpgradeListener, upgradeListener } from "./upgrade-listener.ts";

/** What a service serves Node's requests with. */
export interface NodeEntrance {
  /** For `http.createServer(service.nodeListener)`, and as a Connect or Express middleware. */
  readonly nodeListener: NodeListener;
  /** A listener with limits of its own, and with a `drainNotice`, as `Server` makes it. */
  readonly createNodeListener: (options: NodeListenerOptions) => NodeListener;
  /**
   * For servers of one's own with an `"upgrade"` listener of somebody else's: Node hands upgrades to such listeners only.
   * Without any, `nodeListener` is enough.
   */
  readonly upgradeListener: UpgradeListener;
  /**
   * An `upgradeListener` with limits of its own, and with a `drainNotice`, when which is given its WebSockets are closed with
   * 1001. Give it the same options as `createNodeListener`.
   */
  readonly createUpgradeListener: (options: NodeListenerOptions) => UpgradeListener;
}

/** What the requests of a service have in common. */
export interface NodeAnswering {
  readonly root: ServiceRoot;
  readonly logger: Logger;
  readonly readForwarded: ReadForwarded | null;
  readonly bodyMemory: BodyMemory;
  readonly mountPath: string;
  readonly scope: ContextScope | null;
}

export function nodeEntrance({
  root,
  logger,
  readForwarded,
  bodyMemory,
  mountPath,
  scope,
}: NodeAnswering): NodeEntrance {
  const listeners = (options?: NodeListenerOptions) =>
    nodeListeners(root, logger, readForwarded, bodyMemory, mountPath, scope, options);
  const report = (err: unknown) => reportTo(logger, { err }, "A request for an upgrade could not be served");
  const { onRequest, onTaken } = listeners();
  return {
    nodeListener: onRequest,
    createNodeListener: (options) => listeners(options).onRequest,
    upgradeListener: upgradeListener(onTaken, report),
    createUpgradeListener: (options) => upgradeListener(listeners(options).onTaken, report),
  };
}
