import {
  createTRPCClient,
  httpBatchLink,
  httpBatchStreamLink,
  httpSubscriptionLink,
  splitLink,
  type TRPCLink,
} from "@trpc/client";
import { initTRPC } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { _requestReceiver, _wildcardMethod, around, ResponseError } from "argania";
import { fetchHandler } from "argania/fetch";
import { EventSource } from "eventsource";
import { expect, test } from "vitest";
import { z } from "zod";
import { latch, serve } from "../serve.ts";

async function trpcSite() {
  const ended = latch();
  const slow = latch();
  const t = initTRPC.context<{ user: string | null }>().create();
  const router = t.router({
    hello: t.procedure.input(z.string()).query(({ input, ctx }) => `Hello ${input} from ${ctx.user}`),
    add: t.procedure
      .input(z.object({ a: z.number(), b: z.number() }))
      .mutation(({ input }) => input.a + input.b),
    slow: t.procedure.query(async () => {
      await slow.reached;
      return "slow";
    }),
    wait: t.procedure.query(
      ({ signal }) =>
        new Promise<string>((resolve) =>
          signal?.addEventListener("abort", () => {
            ended.reach();
            resolve("gone");
          }),
        ),
    ),
    ticks: t.procedure.subscription(async function* () {
      try {
        for (let tick = 0; ; tick++) {
          yield tick;
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      } finally {
        ended.reach();
      }
    }),
  });
  const { url, errors } = await serve((root) => {
    const handler = fetchHandler(
      (req, env) =>
        fetchRequestHandler({
          endpoint: "/trpc",
          req,
          router,
          createContext: () => env as { user: string | null },
        }),
      { env: (context) => ({ user: context.header("x-user") ?? null }) },
    );
    const trpc = root.subresource("/trpc *").setHandlerFor(_wildcardMethod.to(handler));
    trpc.addLayerTo(
      _requestReceiver(
        around((context, next) => {
          if (context.header("x-user") === "banned") {
            throw new ResponseError(403);
          }
          return next();
        }),
      ),
    );
  });
  const link = `${url}/trpc`;
  const client = (inner: TRPCLink<typeof router>) => createTRPCClient<typeof router>({ links: [inner] });
  return { link, client, ended, slow, errors, router };
}

test("tRPC: queries and mutations, in batches; guards in front of it hold", async () => {
  const { link, client } = await trpcSite();
  const headers = { "x-user": "ada" };
  const trpc = client(httpBatchLink({ url: link, headers }));
  expect(await Promise.all([trpc.hello.query("a/b ö"), trpc.hello.query("c")])).toEqual([
    "Hello a/b ö from ada",
    "Hello c from ada",
  ]);
  expect(await trpc.add.mutate({ a: 1, b: 2 })).toBe(3);
  await expect(trpc.add.mutate({ a: "1" } as never)).rejects.toThrow("expected number");
  const banned = client(httpBatchLink({ url: link, headers: { "x-user": "banned" } }));
  await expect(banned.hello.query("x")).rejects.toMatchObject({ meta: { response: { status: 403 } } });
});

test("tRPC: a batch is streamed as its parts are ready", async () => {
  const { link, client, slow } = await trpcSite();
  const trpc = client(httpBatchStreamLink({ url: link }));
  const [late, early] = [trpc.slow.query(), trpc.hello.query("now")];
  expect(await early).toBe("Hello now from null");
  slow.reach();
  expect(await late).toBe("slow");
});

test("tRPC: an aborted query aborts its procedure", async () => {
  const { link, client, ended, errors } = await trpcSite();
  const abort = new AbortController();
  const pending = client(httpBatchLink({ url: link })).wait.query(undefined, { signal: abort.signal });
  const rejected = expect(pending).rejects.toThrow(/abort/i);
  await new Promise((resolve) => setTimeout(resolve, 50));
  abort.abort();
  await Promise.all([ended.reached, rejected]);
  expect(errors).toEqual([]);
});

test("tRPC: a subscription over server-sent events, until it is left", async () => {
  const { link, client, ended, errors } = await trpcSite();
  const trpc = client(
    splitLink({
      condition: ({ type }) => type === "subscription",
      true: httpSubscriptionLink({ url: link, EventSource }),
      false: httpBatchLink({ url: link }),
    }),
  );
  const ticks: number[] = [];
  const three = latch();
  const subscription = trpc.ticks.subscribe(undefined, {
    onData: (tick) => {
      ticks.push(tick);
      if (ticks.length === 3) {
        three.reach();
      }
    },
  });
  await three.reached;
  subscription.unsubscribe();
  await ended.reached;
  expect(ticks.slice(0, 3)).toEqual([0, 1, 2]);
  expect(errors).toEqual([]);
});
