import { _get, _requestReceiver, type ErrorReport, json, Resource, type Service } from "argania";
import { type CookieKey, cookieKey } from "argania/cookies";
import { type CookieSession, type Session, SessionLayer, type StoredSession } from "argania/middleware";
import { KEY } from "./cookie-client.ts";

export interface Data {
  userId: string;
  cart: string[];
  notice: string;
  text: string;
}

export type Actions = Readonly<Record<string, (session: Session<Data>) => unknown>>;

export interface ErrorLog {
  readonly errors: unknown[];
  readonly service: Service;
}

/** A resource for each action; what it returns is sent as JSON. `/other` does not ask for the session. */
export function sessionApp(
  session: CookieSession<Data> | StoredSession<Data>,
  actions: Actions,
  keys: readonly CookieKey[] = [KEY],
): ErrorLog {
  const errors: unknown[] = [];
  const root = new Resource("/").addLayerTo(_requestReceiver(new SessionLayer(session)));
  root.setProperty(cookieKey.to(keys));
  for (const [name, action] of Object.entries(actions)) {
    root.subresource(`/${name}`).setHandlerFor(
      _get.to([session], (current) => {
        const result = action(current as Session<Data>);
        return result instanceof Response ? result : json((result ?? null) as object);
      }),
    );
  }
  root.subresource("/other").setHandlerFor(_get.to(() => "other"));
  root.subresource("/all").setHandlerFor(_get.to([session], (current) => json(current)));
  const logger = { error: ({ err }: ErrorReport) => errors.push(err) };
  return { errors, service: root.intoService({ logger }) };
}
