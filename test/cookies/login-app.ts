import {
  _get,
  _post,
  cookie,
  json,
  optional,
  Resource,
  ResponseError,
  redirect,
  respond,
  type Service,
} from "argania";
import { cookieKey } from "argania/cookies";
import { KEY } from "./with-jar.ts";

/** What is set at `/many`: each a trap of its own on some way to the client. */
export const MANY: readonly string[] = [
  "a=1; Path=/; HttpOnly; SameSite=Lax",
  "b=%C3%A9%2C%20%3B; Path=/; SameSite=Lax",
  "c=; Max-Age=0; Path=/many; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax",
];

/** A site with a session, as `docs/cookies.md` has it. */
export function loginApp(): Service {
  const root = new Resource("/").setProperty(cookieKey.to(KEY));
  root.setHandlerFor(_get.to([optional(cookie.private("sid"))], (user = "nobody") => `Hello, ${user}`));
  root
    .subresource("/login")
    .setHandlerFor(
      _post.to((context) =>
        respond(context.cookies().private.set("sid", "Ada", { maxAge: 3600 }), redirect("/", 303)),
      ),
    );
  root
    .subresource("/logout")
    .setHandlerFor(_post.to((context) => respond(context.cookies().remove("sid"), redirect("/", 303))));
  root
    .subresource("/host")
    .setHandlerFor(
      _get.to((context) =>
        respond(
          context.cookies().set("__Host-a", "1").set("plain", "1").set("open", "1", { httpOnly: false }),
          "set",
        ),
      ),
    );
  root.subresource("/echo").setHandlerFor(_get.to((context) => json(Object.fromEntries(context.cookies()))));
  const many = root.subresource("/many").setHandlerFor(
    _get.to((context) => {
      const jar = context.cookies().set("a", "1").set("b", "é, ;", { httpOnly: false });
      return respond(jar.remove("c", { path: "/many" }), "many");
    }),
  );
  many.subresource("/error").setHandlerFor(
    _get.to((context) => {
      const cookies = context.cookies().set("a", "1").set("b", "é, ;", { httpOnly: false });
      throw new ResponseError(401, "", { cookies: cookies.remove("c", { path: "/many" }) });
    }),
  );
  return root.intoService();
}
