import { once } from "node:events";
import { Server, type ServerHandle, type Service } from "argania";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { exampleSite, logIn } from "./example-site.ts";

let site: Service;
let server: ServerHandle;

beforeEach(async () => {
  site = await exampleSite();
  server = await new Server().serve(site, "127.0.0.1:0");
});

afterEach(() => server.close());

interface Client {
  readonly socket: WebSocket;
  readonly lines: readonly string[];
  /** Waits until a line has come. */
  until(line: string): Promise<void>;
}

function connect(headers: Record<string, string>): WebSocket {
  const url = `ws://127.0.0.1:${server.address.port}/members/chat/socket`;
  return new WebSocket(url, { headers: { host: "localhost", ...headers } });
}

async function join(name: string): Promise<Client> {
  const socket = connect({ cookie: await logIn(site, name) });
  const lines: string[] = [];
  socket.on("message", (data) => {
    const { from, text } = JSON.parse(String(data));
    lines.push(`${from ?? "*"}: ${text}`);
  });
  await once(socket, "open");
  const until = (line: string) => expect.poll(() => lines, { timeout: 15_000 }).toContain(line);
  return { socket, lines, until };
}

/** The status with which a handshake is refused. */
async function refusal(socket: WebSocket): Promise<number> {
  const [request, response] = await once(socket, "unexpected-response");
  request.destroy();
  return response.statusCode;
}

describe("the chat", () => {
  it("tells everybody what anybody says, and who comes and goes", async () => {
    const ada = await join("ada");
    await ada.until("*: ada is here");
    const grace = await join("grace");
    await ada.until("*: grace is here");

    ada.socket.send("Hello");
    grace.socket.send("<b>Hi</b>");
    for (const client of [ada, grace]) {
      await client.until("ada: Hello");
      await client.until("grace: <b>Hi</b>");
    }
    expect(grace.lines).not.toContain("*: ada is here");

    grace.socket.close();
    await ada.until("*: grace has gone");
  });

  it("does not repeat what is empty, or no text", async () => {
    const ada = await join("ada");
    ada.socket.send(" ");
    ada.socket.send(Buffer.from("bytes"));
    ada.socket.send("text");
    await ada.until("ada: text");
    expect(ada.lines).toEqual(["*: ada is here", "ada: text"]);
  });

  it("closes the connection of one who says too much at once", async () => {
    const ada = await join("ada");
    const grace = await join("grace");
    grace.socket.send("x".repeat(2_001));
    const [code] = await once(grace.socket, "close");
    expect(code).toBe(1009);
    await ada.until("*: grace has gone");
  });

  it("is only for those who are logged in, on a page of this site", async () => {
    expect(await refusal(connect({}))).toBe(401);
    expect(await refusal(connect({ cookie: "argania-example-user=ada" }))).toBe(401);
    const cookie = await logIn(site);
    expect(await refusal(connect({ cookie, origin: "http://elsewhere.example" }))).toBe(403);
  });

  it("ends with 1001 when the server stops", async () => {
    const ada = await join("ada");
    const closed = once(ada.socket, "close");
    await server.close();
    const [code] = await closed;
    expect(code).toBe(1001);
  });
});
