import { _wildcardMethod } from "argania";
import { fetchHandler } from "argania/fetch";
import { expect, test } from "vitest";
import { EventParser } from "../../../src/inspect/testing/event-parser.ts";
import { serve } from "../serve.ts";
import { yogaApp } from "./yoga-app.ts";

const ask = (url: string, query: string, init: RequestInit = {}) =>
  fetch(`${url}/api/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query }),
    ...init,
  });

async function* eventsOf(response: Response) {
  const parser = new EventParser();
  for await (const chunk of response.body as ReadableStream<Uint8Array>) {
    yield* parser.read(chunk);
  }
}

test.each([
  ["its own Response", {}],
  [
    "the platform's Response",
    { fetchAPI: { Request, Response, Headers, ReadableStream, TextDecoder, TextEncoder, URL } },
  ],
])("GraphQL Yoga with %s: queries, mutations, GET, subscriptions", async (_, options) => {
  const { yoga } = yogaApp(options as object);
  const { url, errors } = await serve((root) => {
    root
      .subresource("/api/graphql ?*")
      .setHandlerFor(_wildcardMethod.to(fetchHandler(yoga, { env: { who: "Ada" } })));
  });
  expect(await (await ask(url, '{ hello(name: "ö") who }')).json()).toEqual({
    data: { hello: "Hello ö", who: "Ada" },
  });
  expect(await (await ask(url, "mutation { add(a: 1, b: 2) }")).json()).toEqual({ data: { add: 3 } });
  const get = await fetch(`${url}/api/graphql?query=${encodeURIComponent("{ who }")}`);
  expect(await get.json()).toEqual({ data: { who: "Ada" } });
  expect(await (await ask(url, "{ nope }")).json()).toMatchObject({
    errors: [{ message: expect.stringContaining("nope") }],
  });
  const accept = { accept: "text/event-stream", "content-type": "application/json" };
  const events = await ask(url, "subscription { count(to: 3) }", { headers: accept });
  expect(events.headers.get("content-type")).toBe("text/event-stream");
  const data: string[] = [];
  for await (const event of eventsOf(events)) {
    data.push(event.event === "next" ? event.data : event.event);
  }
  expect(data).toEqual([1, 2, 3].map((count) => JSON.stringify({ data: { count } })).concat("complete"));
  expect(errors).toEqual([]);
});

test("a subscription ends when its client leaves", async () => {
  const { yoga, ended } = yogaApp();
  const { url, errors } = await serve((root) => {
    root.subresource("/api/graphql *").setHandlerFor(_wildcardMethod.to(fetchHandler(yoga)));
  });
  const abort = new AbortController();
  const accept = { accept: "text/event-stream", "content-type": "application/json" };
  const { signal } = abort;
  const answer = await ask(url, "subscription { count(to: 1000000) }", { headers: accept, signal });
  const events = eventsOf(answer);
  expect((await events.next()).value).toMatchObject({ event: "next" });
  abort.abort();
  await ended.reached;
  expect(errors).toEqual([]);
});
