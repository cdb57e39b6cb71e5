import { connect, type Socket } from "node:net";
import { _get, _requestReceiver, around, type ErrorReport, type RequestOutcome, Resource } from "argania";
import { describe, expect, it } from "vitest";
import { withServer } from "../support/raw-http.ts";

const GONE = { status: undefined, isComplete: false, error: undefined };

describe("context.afterSend after the end", () => {
  it.each([false, true])(
    "calls at once when the client has gone before (others before: %s)",
    async (isSecond) => {
      const calls: [string, RequestOutcome][] = [];
      let isOver = () => {};
      let client: Socket | undefined;
      const over = new Promise<void>((resolve) => {
        isOver = resolve;
      });
      const root = new Resource("/");
      root.addLayerTo(
        _requestReceiver(
          around((context, next) => {
            if (isSecond) {
              context.afterSend((outcome) => calls.push(["first", outcome]));
            }
            return next();
          }),
        ),
      );
      root.subresource("/slow").setHandlerFor(
        _get.to(async (context) => {
          const { signal } = context;
          client?.destroy();
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
          await new Promise((resolve) => setImmediate(resolve));
          context.afterSend((outcome) => calls.push(["late", outcome]));
          isOver();
          return null;
        }),
      );
      await withServer(root.intoService(), async (port) => {
        const client = connect(port, "127.0.0.1", () =>
          client.write("GET /slow HTTP/1.1\r\nhost: a\r\n\r\n"),
        );
        setTimeout(() => client.destroy(), 50);
        await over;
      });
      expect(calls).toEqual(
        isSecond
          ? [
              ["first", GONE],
              ["late", GONE],
            ]
          : [["late", GONE]],
      );
    },
  );

  it("calls at once when the answer has been sent", async () => {
    const calls: string[] = [];
    const root = new Resource("/").setHandlerFor(
      _get.to((context) => {
        context.afterSend(() => {
          calls.push("first");
          context.afterSend(({ status }) => calls.push(`late ${status}`));
          calls.push("end of first");
        });
        return 204;
      }),
    );
    await root.intoService().request("/");
    expect(calls).toEqual(["first", "late 204", "end of first"]);
  });
});

describe("asynchronous hooks", () => {
  const boom = new Error("metrics down");
  const reporting = () => {
    const reports: (readonly [unknown, string])[] = [];
    return {
      reports,
      logger: {
        error: ({ err }: ErrorReport, message: string) => void reports.push([err, message]),
      },
    };
  };

  it("are reported when they reject after sending", async () => {
    const { reports, logger } = reporting();
    const root = new Resource("/").setHandlerFor(
      _get.to((context) => {
        context.afterSend(async () => {
          throw boom;
        });
        return "x";
      }),
    );
    expect((await root.intoService({ logger }).request("/")).status).toBe(200);
    await new Promise((resolve) => setImmediate(resolve));
    expect(reports).toEqual([[boom, "A hook after sending failed"]]);
  });

  it("are refused before sending, their rejection with them", async () => {
    const { reports, logger } = reporting();
    const root = new Resource("/").setHandlerFor(
      _get.to((context) => {
        context.beforeSend(async () => {
          throw boom;
        });
        return "x";
      }),
    );
    expect((await root.intoService({ logger }).request("/")).status).toBe(500);
    await new Promise((resolve) => setImmediate(resolve));
    expect(reports).toEqual([[expect.objectContaining({ name: "TypeError" }), expect.any(String)]]);
    expect(String(reports[0]?.[0])).toContain("returned a promise");
  });
});
