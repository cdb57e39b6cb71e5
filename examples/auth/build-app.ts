import { _requestPasser } from "argania";
import { App, initializer } from "argania/app";
import { type CookieKey, cookieKey } from "argania/cookies";
import { CsrfLayer, SecurityHeadersLayer, SessionLayer } from "argania/middleware";
import { buildApi } from "./api.ts";
import { appContext } from "./app-context.ts";
import { buildPages } from "./pages.ts";
import { session } from "./session.ts";
import { Tokens } from "./tokens.ts";
import { UserStore } from "./user-store.ts";

export interface Secrets {
  /** Encrypts the cookie of sessions. */
  readonly cookieKey: CookieKey;
  /** Signs tokens. */
  readonly tokenSecret: Uint8Array;
  /** Of all users of this example. */
  readonly password: string;
}

/** Pages with sessions, and an API with tokens, of the same users. */
export function buildApp(secrets: Secrets, port = 8080) {
  const users = initializer({
    name: "users",
    beforeRun: async () => {
      const users = new UserStore();
      await users.add({ id: "1", name: "ada", role: "admin" }, secrets.password);
      await users.add({ id: "2", name: "grace", role: "member" }, secrets.password);
      return { users };
    },
  });

  return new App({
    config: { server: { port, shutdown: { grace: 5_000 } } },
    context: { tokens: new Tokens(secrets.tokenSecret) },
    contextKey: appContext,
    initializers: [users],
    routes: (router, { context }) => {
      router.setProperty(cookieKey.to(secrets.cookieKey));
      // Who asks for no session, as the API does, pays for none.
      const layers = [new SecurityHeadersLayer(), new CsrfLayer(), new SessionLayer(session)];
      router.addLayerTo(_requestPasser(layers));
      router.addResource(buildPages().addSubresource(buildApi(context.tokens)));
    },
  });
}
