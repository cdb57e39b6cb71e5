import type { Worker } from "node:cluster";

/** How `node:cluster` hands a connection over. Not documented: where it is done differently, nothing is done here. */
interface Handover {
  readonly cmd?: string;
  readonly act?: string;
  readonly seq?: number;
  readonly ack?: number;
}

/**
 * Connections on their way to a worker that ended before it could take them. Node forgets them: their clients would
 * wait for ever. No worker has seen them, so that another one can have them.
 *
 * @returns what saves them once the worker has gone: it gives them to others, or closes them if there are none
 */
export function watchHandovers(worker: Worker): (hasOthers: boolean) => void {
  const child = worker.process;
  if (child.send === undefined) {
    // It could not be started.
    return () => {};
  }
  const pending = new Map<number, { close(): void }>();
  const send = child.send.bind(child) as (...args: unknown[]) => boolean;
  child.send = (...args: unknown[]) => {
    const [message, handle] = args as [Handover, { close(): void } | undefined];
    if (message?.act === "newconn" && message.seq !== undefined && handle) {
      pending.set(message.seq, handle);
    }
    return send(...args);
  };
  child.on("internalMessage", ({ ack }: Handover) => {
    if (ack !== undefined) {
      pending.delete(ack);
    }
  });
  return (hasOthers) => {
    for (const [seq, handle] of [...pending]) {
      if (hasOthers) {
        // As if the worker had said that it takes no more.
        child.emit("internalMessage", { cmd: "NODE_CLUSTER", ack: seq, accepted: false });
      } else {
        handle.close();
      }
    }
    pending.clear();
  };
}
