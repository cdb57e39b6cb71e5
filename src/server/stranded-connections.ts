import type { Worker } from "node:cluster";

/**
 * What `node:cluster` and its workers say to each other: where a worker listens and no longer does, which connection
 * it is given, and whether it takes it. Not documented: where it is done differently, nothing is done here.
 */
interface ClusterMessage {
  readonly act?: string;
  /** Names a queue of connections: there is one for each address. */
  readonly key?: string;
  readonly seq?: number;
  readonly ack?: number;
  readonly accepted?: boolean;
  readonly errno?: number | null;
}

/** Those that connections of one queue go to. Node closes it with the last of them, and begins a new one. */
type Queue = Set<object>;

interface Handover {
  readonly queue: Queue | undefined;
  readonly connection: { close(): void };
}

const queues = new Map<string, Queue>();

/**
 * Connections on their way to a worker that ended before it could take them, or that does not take them when nobody
 * else listens. Node forgets them: their clients would wait for ever. No worker has seen them, so that another one can
 * have them.
 *
 * @returns what saves them once the worker has gone: it gives them to others, or closes them if there are none
 */
export function watchHandovers(worker: Worker): () => void {
  const child = worker.process;
  if (child.send === undefined) {
    // It could not be started.
    return () => {};
  }
  const pending = new Map<number, Handover>();
  const send = child.send.bind(child) as (...args: unknown[]) => boolean;
  child.send = (...args: unknown[]) => {
    const [message, connection] = args as [ClusterMessage, { close(): void } | undefined];
    const { act, key, seq, ack, errno } = message ?? {};
    if (act === "newconn" && key !== undefined && seq !== undefined && connection) {
      pending.set(seq, { queue: queues.get(key), connection });
    } else if (ack !== undefined && key !== undefined && !errno) {
      enter(key, child);
    }
    return send(...args);
  };
  child.on("internalMessage", ({ act, key, ack, accepted }: ClusterMessage) => {
    if (act === "close" && key !== undefined) {
      leave(key, child);
    }
    const handover = ack === undefined ? undefined : pending.get(ack);
    if (ack !== undefined && handover !== undefined) {
      pending.delete(ack);
      if (accepted === false && handover.queue?.size === 0) {
        // Node has put it into that queue again, which is closed.
        handover.connection.close();
      }
    }
  });
  return () => {
    for (const key of queues.keys()) {
      leave(key, child);
    }
    for (const [seq, { queue, connection }] of [...pending]) {
      if (queue !== undefined && queue.size > 0) {
        // As if the worker had said that it takes no more.
        child.emit("internalMessage", { cmd: "NODE_CLUSTER", ack: seq, accepted: false });
      } else {
        connection.close();
      }
    }
    pending.clear();
  };
}

function enter(key: string, child: object): void {
  const queue = queues.get(key) ?? new Set();
  queues.set(key, queue.add(child));
}

function leave(key: string, child: object): void {
  const queue = queues.get(key);
  if (queue?.delete(child) && queue.size === 0) {
    queues.delete(key);
  }
}
