import { _get, _post, attempt, FormError, formBody, html, Resource, redirect } from "argania";
import "argania/fastest-validator";
import { appContext } from "./app-context.ts";
import { escapeHtml, page } from "./html-page.ts";
import { session } from "./session.ts";

/** `attempt` hands over what is wrong with a form, so that it can be shown again; without it the answer is a 400. */
const loginForm = attempt(
  formBody({ name: "string|trim|min:1|max:50", password: "string|min:1|max:200" }, { limit: 2_000 }),
);

/** The resource `/login`: a form that works without JavaScript. */
export function buildLogin(): Resource<"/login"> {
  const login = new Resource("/login");
  login.setHandlerFor([
    _get.to([session], (current) => html(loginPage(current.take("notice")))),
    _post.to([loginForm, session, appContext], async (form, current, { users }) => {
      if (!form.ok) {
        if (form.error instanceof FormError) {
          return html(loginPage("Fill in both, please."), 400);
        }
        throw form.error;
      }
      const { name, password } = form.value;
      const user = await users.logIn(name, password);
      if (user === undefined) {
        return html(loginPage("Wrong name or password.", name), 401);
      }
      // Under another id: who planted the one before, to have a session of this user, has nothing of it.
      current.regenerate().set("userId", user.id).set("notice", `Welcome back, ${user.name}.`);
      return redirect("/account", 303);
    }),
  ]);
  return login;
}

/** The resource `/logout`. It changes something, so it is a POST, which the `CsrfLayer` guards. */
export function buildLogout(): Resource<"/logout"> {
  const logout = new Resource("/logout");
  logout.setHandlerFor(
    _post.to([session], (current) => {
      current.destroy().set("notice", "You are logged out.");
      return redirect("/login", 303);
    }),
  );
  return logout;
}

function loginPage(notice = "", name = ""): string {
  return page(
    "Log in",
    `<h1>Log in</h1>
${notice === "" ? "" : `<p role="alert">${escapeHtml(notice)}</p>`}
<form method="post" action="/login">
<label>Name <input name="name" value="${escapeHtml(name)}" autocomplete="username" required autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Log in</button>
</form>`,
  );
}
