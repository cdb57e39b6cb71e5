import type { FetchApp } from "argania/fetch";
import { latch } from "../serve.ts";

/** Imported so that its types are not: they bring those of a browser along, for the whole program. */
const { createSchema, createYoga } = (await import("graphql-yoga" as string)) as {
  createSchema(definition: { typeDefs: string; resolvers: object }): object;
  createYoga(options: { schema: object; graphqlEndpoint: string; logging: boolean }): FetchApp;
};

/** GraphQL Yoga at `/api/graphql`; `ended` is reached when a subscription is over. */
export function yogaApp(options: object = {}): {
  readonly yoga: FetchApp;
  readonly ended: ReturnType<typeof latch<void>>;
} {
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
