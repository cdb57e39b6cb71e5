import { _get, _post, formBody, html, type RequestContext, Resource, redirect, text } from "argania";
import { z } from "zod";
import { page } from "./html-page.ts";
import type { TenantStore } from "./tenant-store.ts";

/** These hosts are ours. */
const RESERVED: readonly string[] = ["admin", "www", "api", "mail"];

const signUpForm = formBody(
  z.object({
    slug: z
      .string()
      .regex(/^[a-z][a-z0-9-]{1,30}[a-z0-9]$/)
      .refine((slug) => !RESERVED.includes(slug), "is reserved"),
    name: z.string().trim().min(1).max(60),
  }),
  { limit: 4_096 },
);

/** The tree without a host: the domain itself, and whatever else leads here. */
export function buildMarketingSite(tenants: TenantStore, domain: string): Resource<"/"> {
  const root = new Resource("/");
  const signUp = root.subresource("/sign-up");

  root.setHandlerFor(
    _get.to(() => html(page("Tasks", `<h1>Tasks for teams</h1><p><a href="${signUp.href({})}">Sign up</a>`))),
  );
  root.subresource("/health").setHandlerFor(_get.to(() => text("ok\n")));

  signUp.setHandlerFor([
    _get.to(() => html(page("Sign up", form(signUp.href({}))))),
    _post.to([signUpForm], async ({ slug, name }, context) => {
      await tenants.create({ slug, name, maxTasks: 10 });
      return redirect(homeOf(context, `${slug}.${domain}`), 303);
    }),
  ]);
  return root;
}

/** The same scheme and port on another host. */
function homeOf(context: RequestContext<object>, host: string): string {
  const url = new URL("/", context.url);
  url.hostname = host;
  return url.href;
}

function form(action: string): string {
  return `<h1>Sign up</h1><form method="post" action="${action}">
<label>Company <input name="name" required maxlength="60"></label>
<label>Subdomain <input name="slug" required pattern="[a-z][a-z0-9\\-]{1,30}[a-z0-9]"></label>
<button>Sign up</button></form>`;
}
