import { InitializerError } from "argania/app";
import { describe, expect, test, vi } from "vitest";
import { appOf, boom, failureOf, noting } from "./apps.ts";

function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe("closing", () => {
  test("shuts every initializer down, whatever becomes of the others", async () => {
    const log: string[] = [];
    const logger = { error: vi.fn() };
    const app = appOf(
      [
        noting("one", log),
        noting("two", log, { onShutdown: boom }),
        noting("three", log, { onShutdown: boom }),
      ],
      { logger },
    );
    await app.service();
    const error = (await failureOf(app.close())) as unknown as AggregateError;
    expect(error).toBeInstanceOf(AggregateError);
    expect(error.errors.map((each: InitializerError) => `${each.initializer} ${each.phase}`)).toEqual([
      "three onShutdown",
      "two onShutdown",
    ]);
    expect(log.slice(-3)).toEqual(["three onShutdown", "two onShutdown", "one onShutdown"]);
    // Whoever called close() was told already.
    expect(logger.error).not.toHaveBeenCalled();
    await app.closed;
  });

  test("asked for by an onShutdown does not wait for it, and changes nothing", async () => {
    const log: string[] = [];
    const app = appOf([
      noting("one", log),
      noting("two", log, {
        onShutdown: async () => {
          await Promise.resolve();
          await Promise.all([app.close(), app.close()]);
          log.push("two goes on");
        },
      }),
    ]);
    await app.service();
    await app.close();
    expect(log.slice(-3)).toEqual(["two onShutdown", "two goes on", "one onShutdown"]);
  });

  test("asked for by what an onShutdown has left behind waits for the others", async () => {
    const log: string[] = [];
    const asked = gate();
    let late: Promise<void> | undefined;
    const first = noting("one", log, {
      onShutdown: async () => {
        await asked.opened;
        await new Promise((resolve) => setImmediate(resolve));
        log.push("one is over");
      },
    });
    const second = noting("two", log, {
      onShutdown: () => {
        setImmediate(() => {
          late = app.close().then(() => void log.push("closed"));
          asked.open();
        });
      },
    });
    const app = appOf([first, second]);
    await app.service();
    await app.close();
    await late;
    expect(log.slice(-2)).toEqual(["one is over", "closed"]);
  });

  test("rejects with the error of one", async () => {
    const app = appOf([noting("one", [], { onShutdown: () => Promise.reject(null) })]);
    await app.service();
    const error = (await failureOf(app.close())) as InitializerError;
    expect(error).toBeInstanceOf(InitializerError);
    expect(error.message).toBe('onShutdown of the initializer "one" failed.');
    expect(error.cause).toBe(null);
  });

  test("does not wait for ever: those that are left have their turn", async () => {
    const log: string[] = [];
    const never = () => new Promise<void>(() => {});
    const app = appOf([noting("one", log), noting("two", log, { onShutdown: never })], {
      config: { server: { shutdown: { cleanUp: 20 } } },
    });
    await app.service();
    const error = await failureOf(app.close());
    expect(error.message).toBe(
      'onShutdown of the initializer "two" was not done when the 20 ms for all of them were over.',
    );
    expect(log.slice(-2)).toEqual(["two onShutdown", "one onShutdown"]);
  });

  test("while it boots lets what is under way finish, and begins nothing further", async () => {
    const log: string[] = [];
    const { opened, open } = gate();
    const app = appOf([
      noting("one", log),
      noting("two", log, { beforeRun: () => opened }),
      noting("three", log),
    ]);
    const booted = failureOf(app.service());
    await vi.waitFor(() => expect(log).toContain("two beforeRun"));
    const closed = app.close();
    open();
    expect((await booted).code).toBe("ARGANIA_APP_STATE");
    await closed;
    expect(log).toEqual(["one beforeRun", "two beforeRun", "two onShutdown", "one onShutdown"]);
  });

  test("while routes are made", async () => {
    const log: string[] = [];
    const { opened, open } = gate();
    const app = appOf([noting("one", log)], {
      routes: async () => {
        log.push("routes");
        await opened;
      },
    });
    const booted = failureOf(app.run());
    await vi.waitFor(() => expect(log).toContain("routes"));
    const closed = app.close();
    open();
    expect((await booted).code).toBe("ARGANIA_APP_STATE");
    await closed;
    expect(log).toEqual(["one beforeRun", "routes", "one onShutdown"]);
  });

  test("before it boots shuts nothing down", async () => {
    const log: string[] = [];
    const app = appOf([noting("one", log)]);
    await app.close();
    await app.close();
    expect(log).toEqual([]);
  });
});
