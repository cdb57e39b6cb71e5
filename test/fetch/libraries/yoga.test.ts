import { _wildcardMethod } from "argania";
import { type FetchApp, fetchHandler } from "argania/fetch";
import { expect, test } from "vitest";
import { EventParser } from "../../../src/inspect/testing/event-parser.ts";
import { latch, serve } from "../serve.ts";

/** Imported so that its types are not: they bring those of a browser along, for the whole program. */
const { createSchema, createYoga } = (await import("graphql-yoga" as string)) as {
  createSchema(definition: { typeDefs: string; resolvers: object }): object;
  createYoga(options: { schema: object; graphqlEndpoint: string; logging: boolean }): FetchApp;
};

function yogaApp(options: object = {}) {
  const ended = latch();
  const schema = createSchema({
    typeDefs: `
      type Query { hello(name: String!): String! who: String! }
      type Mutation { add(a: Int!, b: Int!): Int! }
      type Subscription { count(to: Int!): Int! }
    `,
    resolvers: {
      Query: {
        hello: (_: unknown, { name }: { name: string }) => `Hello ${name}`,
        who: (_: unknown, __: unknown, context: { who?: string }) => context.who ?? "nobody",
      },
      Mutation: { add: (_: unknown, { a, b }: { a: number; b: number }) => a + b },
      Subscription: {
        count: {
          subscribe: async function* (_: unknown, { to }: { to: number }) {
            try {
              for (let count = 1; count <= to; count++) {
                yield { count };
                await new Promise((resolve) => setTimeout(resolve, 1));
              }
            } finally {
              ended.reach();
            }
          },
        },
      },
    },
  });
  const yoga = createYoga({ schema, graphqlEndpoint: "/api/graphql", logging: false, ...options });
  return { yoga, ended };
}

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
