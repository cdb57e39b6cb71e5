/** Gives a function the context in which it is bound, whoever calls it. */
type Bind = <Run extends (...values: never[]) => unknown>(run: Run) => Run;

let bind: Bind | undefined;

/** To be called when a service keeps the context of requests: until then nothing is bound, and that costs nothing. */
export function bindWith(binder: Bind): void {
  bind = binder;
}

/** What an event of somebody else calls for a request, such as a timer that requests share, in the context of that request. */
export function boundToRequest<Run extends (...values: never[]) => unknown>(run: Run): Run {
  return bind === undefined ? run : bind(run);
}
