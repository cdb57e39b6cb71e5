import { _wildcardMethod } from "argania";
import { fetchHandler } from "argania/fetch";
import { describe, expect, test } from "vitest";
import { serve } from "../serve.ts";
import { yogaApp } from "./yoga-app.ts";

interface Result {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string }[];
}

/** The client of GraphQL over server-sent events, as far as it is used. */
interface GraphqlClient {
  iterate(operation: { query: string; variables?: object }): AsyncIterableIterator<Result>;
  dispose(): void;
}

interface ClientModule {
  createClient(options: { url: string; headers?: object; retryAttempts?: number }): GraphqlClient;
}

/** By a name that the compiler does not follow: its types bring those of a browser along, for the whole program. */
const graphqlSse = (await import(/* @vite-ignore */ "graphql-sse" as string).catch((error: unknown) => {
  if ((error as { code?: string }).code === "ERR_MODULE_NOT_FOUND" || /graphql-sse/.test(String(error))) {
    return null;
  }
  throw error;
})) as ClientModule | null;

describe.skipIf(graphqlSse === null)("GraphQL Yoga with the client graphql-sse", () => {
  async function connected() {
    const { yoga, ended } = yogaApp();
    const { url, errors } = await serve((root) => {
      root
        .subresource("/api/graphql ?*")
        .setHandlerFor(_wildcardMethod.to(fetchHandler(yoga, { env: { who: "Ada" } })));
    });
    const { createClient } = graphqlSse as ClientModule;
    return { client: createClient({ url: `${url}/api/graphql`, retryAttempts: 0 }), ended, errors };
  }

  async function all(results: AsyncIterable<Result>): Promise<readonly Result[]> {
    const list: Result[] = [];
    for await (const result of results) {
      list.push(result);
    }
    return list;
  }

  test("queries, mutations and subscriptions", async () => {
    const { client, errors } = await connected();
    const query = "query ($name: String!) { hello(name: $name) who }";
    expect(await all(client.iterate({ query, variables: { name: "ö" } }))).toEqual([
      { data: { hello: "Hello ö", who: "Ada" } },
    ]);
    expect(await all(client.iterate({ query: "mutation { add(a: 1, b: 2) }" }))).toEqual([
      { data: { add: 3 } },
    ]);
    const counts = await all(client.iterate({ query: "subscription { count(to: 3) }" }));
    expect(counts).toEqual([1, 2, 3].map((count) => ({ data: { count } })));
    const [wrong] = await all(client.iterate({ query: "{ nope }" }));
    expect(wrong?.errors?.[0]?.message).toContain("nope");
    client.dispose();
    expect(errors).toEqual([]);
  });

  test("several subscriptions at once, of which one is left early", async () => {
    const { client, ended, errors } = await connected();
    const endless = client.iterate({ query: "subscription { count(to: 1000000) }" });
    expect((await endless.next()).value).toEqual({ data: { count: 1 } });
    expect(await all(client.iterate({ query: "subscription { count(to: 2) }" }))).toHaveLength(2);
    expect((await endless.next()).value).toEqual({ data: { count: 2 } });
    await endless.return?.();
    await ended.reached;
    client.dispose();
    expect(errors).toEqual([]);
  });
});
