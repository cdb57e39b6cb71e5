import { _get, _requestReceiver, type AnyResource, html, type RequestContext, Resource } from "argania";
import { type CookieKey, cookieKey } from "argania/cookies";
import { StaticFiles } from "argania/static";
import { errorPageLayer } from "./error-layers.ts";
import { escapeHtml, page } from "./html-page.ts";
import { userOf } from "./session.ts";

/** The tree of `localhost`: a home page, a single-page app with its files, and the given parts. */
export function buildPageApp(key: CookieKey, parts: readonly AnyResource[]): Resource<"/"> {
  const root = new Resource("/");
  root.setProperty(cookieKey.to(key)); // for everything below
  root.addLayerTo(_requestReceiver(errorPageLayer));
  root.setHandlerFor(_get.to((context) => html(homePage(context))));

  root.addSubresource([
    // Every path from /app on that has no file is the same page, and the app's own router decides what it shows. With
    // an index, /app would be a directory and lead to /app/.
    new StaticFiles("/app", publicFolder("app"), { index: false, spaFallback: "index.html" }).intoResource(),
    new StaticFiles("/assets", publicFolder("assets")).intoResource(),
    ...parts,
  ]);
  return root;
}

function publicFolder(name: string): URL {
  return new URL(`./public/${name}/`, import.meta.url);
}

function homePage(context: RequestContext): string {
  const user = userOf(context);
  const members =
    user === undefined
      ? `<a href="/login">Log in</a> to upload files and to chat.`
      : `You are ${escapeHtml(user)}: <a href="/members">go on</a>.`;
  return page(
    "Argania's example site",
    `<h1>It works.</h1><p><a href="/app">Open the app.</a></p><p>${members}</p>`,
  );
}
