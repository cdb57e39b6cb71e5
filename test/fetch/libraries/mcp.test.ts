import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { _wildcardMethod } from "argania";
import { fetchHandler } from "argania/fetch";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { latch, serve } from "../serve.ts";

/** A server for each session, as the SDK wants it. */
function mcpApp() {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();
  const cancelled = latch();
  const started = latch();
  const newSession = async () => {
    const server = new McpServer({ name: "test", version: "1" }, { capabilities: { logging: {} } });
    server.registerTool("add", { inputSchema: { a: z.number(), b: z.number() } }, ({ a, b }) => ({
      content: [{ type: "text", text: String(a + b) }],
    }));
    server.registerTool(
      "count",
      { inputSchema: { to: z.number() } },
      async ({ to }, { sendNotification, _meta }) => {
        for (let progress = 1; progress <= to; progress++) {
          const progressToken = _meta?.progressToken ?? 0;
          await sendNotification({
            method: "notifications/progress",
            params: { progressToken, progress, total: to },
          });
        }
        return { content: [{ type: "text", text: "done" }] };
      },
    );
    server.registerTool("hang", { inputSchema: {} }, (_, { signal }) => {
      started.reach();
      return new Promise((resolve) =>
        signal.addEventListener("abort", () => {
          cancelled.reach();
          resolve({ content: [] });
        }),
      );
    });
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (id) => void sessions.set(id, transport),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    await server.connect(transport as Transport);
    return transport;
  };
  const handle = async (request: Request) =>
    (sessions.get(request.headers.get("mcp-session-id") ?? "") ?? (await newSession())).handleRequest(
      request,
    );
  return { handle, sessions, cancelled, started };
}

async function connect(url: string) {
  const client = new Client({ name: "client", version: "1" });
  const transport = new StreamableHTTPClientTransport(new URL(url));
  await client.connect(transport as Transport);
  onTestFinished(() => client.close());
  return { client, transport };
}

test("an MCP server with its real client: tools, progress over a stream, the end of a session", async () => {
  const { handle, sessions } = mcpApp();
  const { url, errors } = await serve((root) => {
    root.subresource("/ai/mcp").setHandlerFor(_wildcardMethod.to(fetchHandler(handle)));
  });
  const { client, transport } = await connect(`${url}/ai/mcp`);
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["add", "count", "hang"]);
  expect(await client.callTool({ name: "add", arguments: { a: 1, b: 2 } })).toMatchObject({
    content: [{ text: "3" }],
  });
  const progress: number[] = [];
  const options = { onprogress: ({ progress: step }: { progress: number }) => void progress.push(step) };
  const counted = await client.callTool({ name: "count", arguments: { to: 3 } }, undefined, options);
  expect(counted).toMatchObject({ content: [{ text: "done" }] });
  expect(progress).toEqual([1, 2, 3]);
  expect(sessions.size).toBe(1);
  await transport.terminateSession();
  expect(sessions.size).toBe(0);
  expect(errors).toEqual([]);
});

test("a call that its client gives up is cancelled", async () => {
  const { handle, cancelled, started } = mcpApp();
  const { url } = await serve((root) => {
    root.subresource("/mcp").setHandlerFor(_wildcardMethod.to(fetchHandler(handle)));
  });
  const { client } = await connect(`${url}/mcp`);
  const abort = new AbortController();
  const call = client.callTool({ name: "hang", arguments: {} }, undefined, { signal: abort.signal });
  const rejected = expect(call).rejects.toThrow();
  await started.reached;
  abort.abort("enough");
  await Promise.all([rejected, cancelled.reached]);
});

test("what is no message of the protocol is the transport's to refuse", async () => {
  const { handle } = mcpApp();
  const { url } = await serve((root) => {
    root.subresource("/mcp").setHandlerFor(_wildcardMethod.to(fetchHandler(handle)));
  });
  const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  expect((await fetch(`${url}/mcp`, { method: "POST", headers, body: "{" })).status).toBe(400);
  expect((await fetch(`${url}/mcp`, { method: "PUT" })).status).toBe(405);
});
