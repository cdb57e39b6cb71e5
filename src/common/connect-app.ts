/** Whether a function is an app of Express or Connect: `(request, response, next)` with a router of its own. */
export function isConnectApp(value: unknown): boolean {
  if (typeof value !== "function") {
    return false;
  }
  const { handle, use } = value as { readonly handle?: unknown; readonly use?: unknown };
  return typeof handle === "function" && typeof use === "function";
}

/** What to write for it instead. */
export const CONNECT_APP_ADVICE: string =
  'It is an app of Express or Connect: write connectHandler(app), of "argania/connect", which makes a handler of it.';
