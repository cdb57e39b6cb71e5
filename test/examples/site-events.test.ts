import type { Service } from "argania";
import { beforeEach, describe, expect, it } from "vitest";
import { exampleSite } from "./example-site.ts";

let site: Service;

beforeEach(async () => {
  site = await exampleSite();
});

const BOOKS = "http://api.localhost/books";
const headers = { "content-type": "application/json" };
const book = (title: string) => JSON.stringify({ title, author: "Jane Austen", year: 1815 });

async function listen(url: string, lastEventId = "") {
  const response = await site.request(url, { headers: { "last-event-id": lastEventId } });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = "";
  return {
    /** What has come until it holds `wanted`. */
    async until(wanted: string): Promise<string> {
      while (!text.includes(wanted)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`The stream has ended with ${text}`);
        text += decoder.decode(value, { stream: true });
      }
      return text;
    },
    close: () => reader.cancel(),
  };
}

describe("the events of the books", () => {
  it("tell every change to the clients of both hosts", async () => {
    const streams = [await listen(`${BOOKS}/events`), await listen("http://localhost/api/books/events")];
    const first = streams.map((stream) => stream.until("removed"));

    await site.request(BOOKS, { method: "POST", headers, body: book("Emma") });
    await site.request("http://localhost/api/books/5", { method: "PUT", headers, body: book("Persuasion") });
    await site.request(`${BOOKS}/5`, { method: "DELETE" });

    for (const text of await Promise.all(first)) {
      expect(text).toMatch(/event:added\n(?:id:.*\n)?data:\{"id":5,"title":"Emma",/);
      expect(text).toMatch(/event:replaced\n(?:id:.*\n)?data:\{"id":5,"title":"Persuasion",/);
    }
    await Promise.all(streams.map((stream) => stream.close()));
  });

  it("do not tell of changes that were refused", async () => {
    const stream = await listen(`${BOOKS}/events`);
    await site.request(`${BOOKS}/99`, { method: "DELETE" });
    await site.request(`${BOOKS}/99`, { method: "PUT", headers, body: book("Emma") });
    await site.request(BOOKS, { method: "POST", headers, body: "{}" });
    await site.request(BOOKS, { method: "POST", headers, body: book("Emma") });
    expect((await stream.until("data:")).match(/event:/g)).toHaveLength(1);
    await stream.close();
  });

  it("go on where a client has stopped", async () => {
    const before = await listen(`${BOOKS}/events`);
    await site.request(BOOKS, { method: "POST", headers, body: book("Emma") });
    const [, id] = /^id:(.+)$/m.exec(await before.until("data:")) ?? [];
    await before.close();

    await site.request(BOOKS, { method: "POST", headers, body: book("Persuasion") });
    const after = await listen(`${BOOKS}/events`, id);
    const text = await after.until("Persuasion");
    expect(text).not.toContain("Emma");
    await after.close();
  });
});
