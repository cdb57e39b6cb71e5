import { _get, _requestReceiver, html, json, Resource } from "argania";
import { appContext, currentUser } from "./app-context.ts";
import { escapeHtml, page } from "./html-page.ts";
import { buildLogin, buildLogout } from "./login.ts";
import { requireLogin, requireRole, session } from "./session.ts";

/** The pages, for people: a session says who they are. */
export function buildPages(): Resource<"/"> {
  const root = new Resource("/");
  root.setHandlerFor(
    _get.to([session, appContext], async (current, { users }) => {
      const user = await users.find(current.get("userId") ?? "");
      const links =
        user === undefined
          ? `<a href="/login">Log in</a>`
          : `You are ${escapeHtml(user.name)}: <a href="/account">your account</a>.`;
      return html(page("Home", `<h1>Home</h1><p>${links}</p>`));
    }),
  );

  // On receivers: they guard everything below, whatever is added later.
  const account = new Resource("/account").addLayerTo(_requestReceiver(requireLogin));
  account.setHandlerFor(
    _get.to([session], (current, { extensions }) => {
      const { name, role } = extensions.getOrThrow(currentUser);
      const notice = current.take("notice"); // read once
      return html(
        page(
          "Account",
          `${notice === undefined ? "" : `<p role="status">${escapeHtml(notice)}</p>`}
<h1>${escapeHtml(name)}</h1><p>${role}</p>
<form method="post" action="/logout"><button>Log out</button></form>`,
        ),
      );
    }),
  );
  account
    .subresource("/who-am-i")
    .setHandlerFor(_get.to(({ extensions }) => json(extensions.getOrThrow(currentUser))));

  const admin = new Resource("/admin").addLayerTo(_requestReceiver([requireLogin, requireRole("admin")]));
  admin.setHandlerFor(_get.to(() => html(page("Admin", "<h1>For admins</h1>"))));

  root.addSubresource([buildLogin(), buildLogout(), account, admin]);
  return root;
}
