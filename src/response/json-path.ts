const LONGEST_PATH = 200;
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** One step into what is sent as JSON, as it is written in code: `.price`, `[3]`, `["a-b"]`. */
export function stepInto(holder: object, key: string): string {
  return Array.isArray(holder) ? `[${key}]` : IDENTIFIER.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** Steps one after the other, as in `items[3].price`. */
export function pathOfSteps(steps: string): string {
  const path = steps.replace(/^\./, "");
  return path.length <= LONGEST_PATH ? path : `${path.slice(0, LONGEST_PATH)}…`;
}
