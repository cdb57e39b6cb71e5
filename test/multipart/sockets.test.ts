import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "argania";
import { describe, expect, onTestFinished, test } from "vitest";
import { serveAs, WAYS, type Way } from "../body/serve-both.ts";
import { RawClient, statuses } from "../server/raw-client.ts";
import { CONTENT_TYPE, formOf } from "./form-of.ts";
import { formService, partsOf } from "./read-form.ts";

const FILE = formOf({ name: "a", body: "1" }, { name: "f", fileName: "f", body: "x".repeat(100_000) });

function head(length: number | "chunked", ...lines: readonly string[]): string {
  const size = length === "chunked" ? "Transfer-Encoding: chunked" : `Content-Length: ${length}`;
  return `${["POST / HTTP/1.1", "Host: localhost", `Content-Type: ${CONTENT_TYPE}`, size, ...lines].join("\r\n")}\r\n\r\n`;
}

const whole = (form: Buffer) => head(form.length) + form.toString("latin1");
const chunked = (form: Buffer, size: number) => {
  const pieces = Array.from({ length: Math.ceil(form.length / size) }, (_, index) =>
    form.subarray(index * size, (index + 1) * size),
  );
  return `${head("chunked")}${pieces.map((piece) => `${piece.length.toString(16)}\r\n${piece.toString("latin1")}\r\n`).join("")}0\r\n\r\n`;
};

type Handle = Parameters<typeof formService>[0];

async function start(way: Way, handle: Handle, options?: Parameters<typeof formService>[1]) {
  const { service, reports } = formService(handle, options);
  const { port } = await serveAs(way, service);
  const connect = async () => {
    const client = await RawClient.connect(port);
    onTestFinished(() => client.close());
    return client;
  };
  return { client: await connect(), connect, reports, port };
}

const count = async (form: Parameters<Handle>[0]) =>
  json((await partsOf(form)).map(({ name, text }) => [name, text.length]));

describe.each(WAYS)("a form under %s", (way) => {
  test.each([
    ["in one piece", whole(FILE)],
    ["in chunks", chunked(FILE, 1_000)],
  ])("%s is read, and its connection is used again", async (_title, request) => {
    const { client } = await start(way, count);
    for (let times = 1; times <= 3; times++) {
      client.send(request);
      await client.until(new RegExp(`(?:\\[\\["a",1\\],\\["f",100000\\]\\][\\s\\S]*){${times}}`));
    }
    client.send(request + request);
    await client.until(/(?:"f",100000[\s\S]*){5}/);
    expect(statuses(client.received)).toEqual([200, 200, 200, 200, 200]);
  });

  test("whose loop is left leaves a connection that is used again, or closed", async () => {
    const first: Handle = async (form) => {
      for await (const part of form) {
        return json(part.name);
      }
      return json("none");
    };
    const { client, connect, reports } = await start(way, first);
    const small = formOf({ name: "a", body: "1" }, { name: "b", body: "2" });
    client.send(whole(small) + whole(small));
    await client.until(/"a"[\s\S]*"a"/);
    expect(statuses(client.received)).toEqual([200, 200]);

    const huge = await connect();
    huge.socket.on("error", () => {});
    huge.send(head(8_000_000) + FILE.subarray(0, 60_000).toString("latin1"));
    const piece = "x".repeat(100_000);
    const feeding = setInterval(() => huge.socket.writable && huge.send(piece), 1);
    onTestFinished(() => clearInterval(feeding));
    await huge.until(/"a"/);
    clearInterval(feeding);
    await huge.ended;
    expect(statuses(huge.received)).toEqual([200]);
    expect(reports).toEqual([]);
  });

  test("over a limit is answered, and the rest of it is not taken", async () => {
    const { client, reports } = await start(way, count, { partLimit: 70_000 });
    client.socket.on("error", () => {});
    client.send(head(8_000_000) + FILE.toString("latin1").slice(0, 90_000));
    expect(statuses(await client.all())).toEqual([413]);
    expect(client.received).toContain("ARGANIA_MULTIPART_FORM");
    expect(reports).toEqual([]);
  });

  test("that says that it is too large is refused before it is sent", async () => {
    const { client } = await start(way, count);
    client.send(head(10 ** 10, "Expect: 100-continue"));
    // A plain node:http server says so itself before anybody is asked.
    const expected = way === "Server" ? [413] : [100, 413];
    expect(statuses(await client.until(/ARGANIA_BODY_LIMIT/))).toEqual(expected);
  });

  test("is asked for when its loop begins", async () => {
    const { client } = await start(way, count);
    client.send(head(FILE.length, "Expect: 100-continue"));
    await client.until(/HTTP\/1\.1 100 Continue\r\n\r\n/);
    client.send(FILE.toString("latin1"));
    await client.until(/"f",100000/);
    expect(statuses(client.received)).toEqual([100, 200]);
  });

  test.each(["bytes", "stream", "saveTo", "skip"] as const)(
    "whose client goes away during %s ends",
    async (how) => {
      const folder = mkdtempSync(join(tmpdir(), "argania-abort-"));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const errors: unknown[] = [];
      let hasBegun = false;
      const { client, reports } = await start(way, async (form) => {
        try {
          for await (const part of form) {
            hasBegun = part.name === "f";
            if (how === "saveTo") {
              await part.saveTo(join(folder, part.name));
            } else if (how !== "skip") {
              await new Response(
                how === "bytes" ? ((await part.bytes()) as Uint8Array<ArrayBuffer>) : part.stream(),
              ).text();
            }
          }
          return "read";
        } catch (error) {
          errors.push((error as Error).name);
          throw error;
        }
      });
      client.send(head(FILE.length) + FILE.toString("latin1").slice(0, 70_000));
      await expect.poll(() => hasBegun).toBe(true);
      client.close();
      await expect.poll(() => errors).toEqual(["AbortError"]);
      expect(readdirSync(folder)).toEqual(how === "saveTo" ? ["a"] : []);
      expect(reports).toEqual([]);
    },
  );

  test("that is cut short by FIN ends", async () => {
    const { client, connect } = await start(way, count);
    client.send(head(FILE.length) + FILE.toString("latin1").slice(0, 70_000));
    client.socket.end();
    expect([[], [400]]).toContainEqual(statuses(await client.all()));
    const other = await connect();
    other.send(whole(FILE));
    await other.until(/"f",100000/);
  });

  test("whose parts nobody takes holds its client back", async () => {
    let go = () => {};
    const waiting = new Promise<void>((resolve) => {
      go = resolve;
    });
    const { client } = await start(
      way,
      async (form) => {
        let length = 0;
        for await (const part of form) {
          for await (const chunk of part.stream()) {
            length += chunk.byteLength;
            await waiting;
          }
        }
        return json(length);
      },
      { bodyLimit: 10 ** 10 },
    );
    const size = 64 * 2 ** 20;
    const [start_ = "", end = ""] = formOf({ fileName: "f", body: "|" }).toString("latin1").split("|");
    client.send(head(start_.length + size + end.length) + start_);
    const piece = Buffer.alloc(2 ** 20, "x");
    let sent = 0;
    let isBlocked = false;
    for (; sent < size && !isBlocked; sent += piece.length) {
      const hasLeft = new Promise((resolve) => client.socket.write(piece, () => resolve(true)));
      const timeout = new Promise((resolve) => setTimeout(resolve, 500, false));
      isBlocked = (await Promise.race([hasLeft, timeout])) === false;
    }
    expect(isBlocked).toBe(true);
    go();
    for (; sent < size; sent += piece.length) {
      await new Promise((resolve) => client.socket.write(piece, resolve));
    }
    client.send(end);
    await client.until(new RegExp(`\r\n\r\n${size}$`));
  });

  test("that a handler leaves without a word does not hold its connection", async () => {
    const { client } = await start(way, async (form) => {
      const { value } = await form[Symbol.asyncIterator]().next();
      return json(value?.name);
    });
    client.socket.on("error", () => {});
    const small = formOf({ name: "a", body: "1" }, { name: "b", body: "2".repeat(30_000) });
    client.send(head(small.length) + small.toString("latin1").slice(0, 10_000));
    await client.until(/"a"/);
    client.send(small.toString("latin1").slice(10_000));
    client.send(whole(small));
    await Promise.race([client.until(/"a"[\s\S]*"a"/), client.ended]);
  });
});
