import { around, type Layer, ResponseError, redirect, respond } from "argania";
import { defineSession, MemorySessionStore } from "argania/middleware";
import { accepts } from "argania/negotiation";
import { appContext, currentUser } from "./app-context.ts";
import type { Role } from "./user-store.ts";

/**
 * Who is logged in, and a message for the next page. The data is on the server, so that a logout ends the session for who
 * has copied its cookie, too. This store is for a single process: give it one of Redis or a database.
 */
export const session = defineSession<{ userId: string; notice: string }>({
  store: new MemorySessionStore(),
  idleTimeout: 1_800,
});

/** A guard: what is inside is reached by those who are logged in. Browsers are led to the login, anything else is a 401. */
export const requireLogin: Layer = around(async function loggedInOnly(context, next) {
  const current = await session.of(context);
  const id = current.get("userId");
  // Asked each time: who is gone, or is no admin any more, is so at once.
  const user = id === undefined ? undefined : await appContext.of(context).users.find(id);
  if (user !== undefined) {
    context.extensions.set(currentUser, user);
    return next();
  }
  if (accepts(context, ["application/json", "text/html"]) === "text/html") {
    current.set("notice", "Log in first, please.");
    return respond({ vary: "accept" }, redirect("/login", 303)); // others get the 401
  }
  throw new ResponseError(401, "Log in first.", { code: "LOG_IN" });
});

/** A guard inside of `requireLogin`. */
export function requireRole(role: Role): Layer {
  return around(function ofRole(context, next) {
    if (context.extensions.getOrThrow(currentUser).role !== role) {
      throw new ResponseError(403, `This is for the role "${role}".`, { code: "ROLE" });
    }
    return next();
  });
}
