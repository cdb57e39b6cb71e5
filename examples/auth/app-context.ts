import { ExtensionKey } from "argania";
import { ContextKey } from "argania/app";
import type { Tokens } from "./tokens.ts";
import type { User, UserStore } from "./user-store.ts";

/** What handlers and layers share, wherever they are written: `[appContext]` in handlers, `appContext.of(context)` in layers. */
export interface AppContext {
  readonly users: UserStore;
  readonly tokens: Tokens;
}

export const appContext: ContextKey<AppContext> = new ContextKey<AppContext>("app");

/** Who has sent a request, for everything behind a guard: that of the pages, or that of the API. */
export const currentUser: ExtensionKey<User> = new ExtensionKey<User>("user");
