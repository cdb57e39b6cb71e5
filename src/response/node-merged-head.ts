import type { NodeWritable } from "./node-writable.ts";

/** The members of a response of Node that tell and set headers one by one. */
interface HeaderSetter {
  getHeaderNames(): string[];
  getHeader(name: string): number | string | string[] | undefined;
  setHeader(name: string, value: string | string[]): unknown;
}

/** Whether somebody has set headers before: middleware of Connect or Express, a hook of Fastify. */
export function hasForeignHeaders(writable: NodeWritable): writable is NodeWritable & HeaderSetter {
  const { getHeaderNames } = writable as Partial<HeaderSetter>;
  return typeof getHeaderNames === "function" && getHeaderNames.call(writable).length > 0;
}

/** Lists that several may add to: what one of them says holds beside what the others say. */
const ADDED: ReadonlySet<string> = new Set(["set-cookie", "vary"]);

/**
 * Writes a head where headers have been set before. Of the same name this one wins, but cookies and `Vary` are added.
 *
 * One after the other, since `writeHead` of Node 20 keeps only the last of several cookies then.
 */
export function writeMergedHead(
  writable: NodeWritable & HeaderSetter,
  status: number,
  headers: readonly string[],
): void {
  const values = new Map<string, string[]>();
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string;
    const list =
      values.get(name) ?? (ADDED.has(name) ? [writable.getHeader(name) ?? []].flat().map(String) : []);
    values.set(name, [...list, headers[index + 1] as string]);
  }
  for (const [name, list] of values) {
    const isList = name === "vary";
    writable.setHeader(name, isList ? list.join(", ") : list.length === 1 ? (list[0] as string) : list);
  }
  writable.writeHead(status, {} as never);
}
