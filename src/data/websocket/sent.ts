/**
 * What `send` returns when more can be sent at once: one promise for all, since there is nothing to wait for. Whoever
 * gets it back from a callback knows so without waiting.
 */
export const SENT: Promise<void> = Promise.resolve();

/** Nobody has to wait for what is sent: its failure must not end the process. */
export function handled(sent: Promise<void>): Promise<void> {
  sent.catch(() => {});
  return sent;
}
