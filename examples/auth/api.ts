import {
  _get,
  _methodHandler,
  _post,
  _requestReceiver,
  json,
  jsonBody,
  Resource,
  respond,
  StatusCode,
} from "argania";
import "argania/fastest-validator";
import { UnauthorizedError } from "argania/middleware";
import { appContext } from "./app-context.ts";
import type { Tokens } from "./tokens.ts";

const credentials = jsonBody(
  { name: "string|min:1|max:50", password: "string|min:1|max:200", scope: "string|max:200|optional" },
  { limit: 2_000 },
);
const newNote = jsonBody({ text: "string|trim|min:1|max:1000" });

/** The resource `/api`, for programs: a token says who they work for. */
export function buildApi(tokens: Tokens): Resource<"/api"> {
  const api = new Resource("/api");
  const auth = tokens.layer();
  const notes: { readonly by: string; readonly text: string }[] = [];

  api.subresource("/token").setHandlerFor(
    _post.to([credentials, appContext], async ({ name, password, scope }, { users, tokens }) => {
      const user = await users.logIn(name, password);
      if (user === undefined) {
        throw new UnauthorizedError('Bearer realm="api"');
      }
      return respond({ "cache-control": "no-store" }, json(await tokens.sign(user, scope?.split(" "))));
    }),
  );

  api
    .subresource("/who-am-i")
    .addLayerTo(_requestReceiver(auth))
    .setHandlerFor(_get.to([auth.principal, auth.claims], (user, { scope }) => json({ ...user, scope })));

  api
    .subresource("/notes")
    .addLayerTo(
      _requestReceiver(auth),
      _methodHandler("GET", auth.requireScopes("notes:read")),
      _methodHandler("POST", auth.requireScopes("notes:write")),
    )
    .setHandlerFor([
      _get.to(() => json(notes)),
      _post.to([newNote, auth.principal], ({ text }, { name }) => {
        const note = { by: name, text };
        notes.push(note);
        return respond(StatusCode.CREATED, json(note));
      }),
    ]);
  return api;
}
