import { _get, _post, attempt, FormError, formBody, html, Resource, redirect, respond } from "argania";
import "argania/fastest-validator";
import type { Accounts } from "./accounts.ts";
import { escapeHtml, page } from "./html-page.ts";
import { logIn, logOut } from "./session.ts";

/** `attempt` hands over what is wrong with a form, so that it can be shown again; without it the answer is a 400. */
const loginForm = attempt(
  formBody({ name: "string|trim|min:1|max:50", password: "string|min:1|max:200" }, { limit: 2_000 }),
);

/** The resource `/login`: a form that works without JavaScript. Who has logged in is sent on to `home`. */
export function buildLogin(accounts: Accounts, home: string): Resource<"/login"> {
  const login = new Resource("/login");
  login.setHandlerFor([
    _get.to(() => html(loginPage())),
    _post.to([loginForm], async (form, context) => {
      if (!form.ok) {
        if (form.error instanceof FormError) {
          return html(loginPage("Fill in both, please."), form.error.status);
        }
        throw form.error;
      }
      const { name, password } = form.value;
      if (!(await accounts.isPasswordOf(name, password))) {
        return html(loginPage("Wrong name or password.", name), 401);
      }
      // 303: the browser fetches the next page with GET, and reloading that sends no password again.
      return respond(logIn(context, name), redirect(home, 303));
    }),
  ]);
  return login;
}

/** The resource `/logout`. It changes something, so it is a POST: no image of another page can log anybody out. */
export function buildLogout(): Resource<"/logout"> {
  const logout = new Resource("/logout");
  logout.setHandlerFor(_post.to((context) => respond(logOut(context), redirect("/", 303))));
  return logout;
}

function loginPage(problem = "", name = ""): string {
  return page(
    "Log in",
    `<h1>Log in</h1>
<p>As <kbd>ada</kbd> or <kbd>grace</kbd>; the password is where the server was started.</p>
${problem === "" ? "" : `<p role="alert">${escapeHtml(problem)}</p>`}
<form method="post" action="/login">
<label>Name <input name="name" value="${escapeHtml(name)}" autocomplete="username" required autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Log in</button>
</form>`,
  );
}
