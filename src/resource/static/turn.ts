import { setImmediate } from "node:timers";

/** A turn that is always over. */
export const NO_TURN = -1;

let turn = 0;
let hasEnd = false;

/**
 * The number of the turn of the event loop that is going on. It ends when what has been waiting on the sockets has been
 * read, which is when immediates run.
 *
 * Not the global `setImmediate`, which tests put a clock of their own in the place of.
 */
export function currentTurn(): number {
  if (!hasEnd) {
    hasEnd = true;
    setImmediate(endTurn);
  }
  return turn;
}

/** Whether it is still the same turn. */
export function isCurrentTurn(number: number): boolean {
  return number === turn;
}

function endTurn(): void {
  turn++;
  hasEnd = false;
}
