import { _get, _wildcardMethod, Resource, type Service } from "argania";
import { type FetchExecutionContext, fetchHandler, fetchLayer } from "argania/fetch";
import { type PendingResponse, type TestEvent, testClient } from "argania/testing";
import { Hono } from "hono";
import { z } from "zod";
import { assertType, type Equal } from "./expect-type.ts";

declare const service: Service;

// Apps and functions with narrower types for what they are passed.
new Resource("/{tenant}/x *").setHandlerFor(
  _wildcardMethod.to(fetchHandler(new Hono<{ Bindings: { DB: string } }>())),
);
new Resource("/x").setHandlerFor(_get.to(fetchHandler((request) => new Response(request.url))));
new Resource("/x").setHandlerFor(
  _get.to(fetchHandler(async (_, env: { DB: string }) => Response.json(env.DB))),
);
fetchHandler((_request, env, execution) => {
  assertType<Equal<typeof env, unknown>>();
  assertType<Equal<typeof execution, FetchExecutionContext>>();
  return new Response();
});
// @ts-expect-error What is returned is a Response.
fetchHandler(() => "text");
// @ts-expect-error There is no such option.
fetchHandler(() => new Response(), { basePath: "/x" });
// @ts-expect-error A middleware returns a Response.
fetchLayer(async (_, next) => void (await next()));

const client = testClient(service);
assertType<Equal<ReturnType<typeof client.get>, PendingResponse>>();
const believed = await client.get("/").json<{ a: number }>();
assertType<Equal<typeof believed, { a: number }>>();
const unknownJson = await client.get("/").json();
assertType<Equal<typeof unknownJson, unknown>>();
const checked = await client
  .get("/")
  .expectStatus(200)
  .json(z.object({ a: z.coerce.number() }));
assertType<Equal<typeof checked, { a: number }>>();
const response = await client.post("/", { json: { a: 1 }, query: { a: [1, 2], b: undefined } });
assertType<Equal<typeof response, Response>>();
for await (const event of client.events("/", { lastEventId: "1" })) {
  assertType<Equal<typeof event, TestEvent>>();
}
const socket = await client.webSocket("/", { protocols: ["a"] });
const message = await socket.receive();
assertType<Equal<typeof message, string | Uint8Array>>();
// @ts-expect-error A stream of events has no body.
client.events("/", { json: 1 });
// @ts-expect-error There are two ways with redirects.
client.get("/", { redirect: "error" });
