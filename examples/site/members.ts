import {
  _get,
  _requestReceiver,
  type AnyResource,
  around,
  html,
  Resource,
  ResponseError,
  redirect,
  respond,
} from "argania";
import { prefersHtml } from "./error-layers.ts";
import { escapeHtml, page } from "./html-page.ts";
import { userKey, userOf } from "./session.ts";

/**
 * A guard: what it wraps is reached only by those who are logged in. Browsers are led to the login, anything else is a 401.
 * The name of the function is the layer's in the printed tree.
 */
const membersOnly = around(function requireLogin(context, next) {
  const user = userOf(context);
  if (user !== undefined) {
    context.extensions.set(userKey, user);
    return next();
  }
  if (prefersHtml(context)) {
    return respond({ vary: "accept" }, redirect("/login", 303)); // others get the 401
  }
  throw new ResponseError(401, "Log in first.", { code: "LOG_IN" });
});

/**
 * The resource `/members`. The guard is on its receiver, so that it guards everything below, whatever is added later:
 * pages, uploads, and the handshake of the chat's WebSocket.
 */
export function buildMembers(parts: readonly AnyResource[]): Resource<"/members"> {
  const members = new Resource("/members");
  members.addLayerTo(_requestReceiver(membersOnly));
  members.setHandlerFor(_get.to(({ extensions }) => html(membersPage(extensions.getOrThrow(userKey)))));
  members.addSubresource(parts);
  return members;
}

function membersPage(user: string): string {
  return page(
    "Members",
    `<h1>Hello, ${escapeHtml(user)}</h1>
<ul><li><a href="/members/files">Files</a></li><li><a href="/members/chat">Chat</a></li></ul>
<form method="post" action="/logout"><button>Log out</button></form>`,
  );
}
