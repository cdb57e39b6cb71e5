import { _post, Resource, type Service, textBody } from "argania";
import { onTestFinished } from "vitest";
import { RawClient } from "../server/raw-client.ts";

export const LIMIT = 100_000;
export const LARGE = 60_000;
export const head = (path: string, ...headers: string[]) =>
  `POST ${path} HTTP/1.1\r\n${["Host: x", "Content-Type: text/plain", ...headers].join("\r\n")}\r\n\r\n`;
export const announced = (path: string, length: number) => head(path, `Content-Length: ${length}`);
export const CHUNKED = "Transfer-Encoding: chunked";
export const chunk = (length: number) => `${length.toString(16)}\r\n${"x".repeat(length)}\r\n`;

export async function connect(port: number): Promise<RawClient> {
  const client = await RawClient.connect(port);
  onTestFinished(() => client.close());
  return client;
}

/** Reads at `/`, and holds what was read at `/held` until it is told to let go. */
export function site(limit = LIMIT): {
  service: Service;
  release: () => void;
  held: string[];
  reports: unknown[];
} {
  const held: string[] = [];
  const reports: unknown[] = [];
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const root = new Resource("/").setHandlerFor(_post.to([textBody], (text) => `${text.length} read`));
  root.subresource("/held").setHandlerFor(
    _post.to([textBody], async (text) => {
      held.push(text);
      await released;
      return "held";
    }),
  );
  const logger = { error: (report: unknown) => void reports.push(report) };
  return { service: root.intoService({ bodyMemoryLimit: limit, logger }), release, held, reports };
}
