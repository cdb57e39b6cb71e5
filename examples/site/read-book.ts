import { type RequestContext, ResponseError } from "argania";
import type { BookFields } from "./book-store.ts";

const MAX_BYTES = 16_384;

/** The book in the body of a request, read and checked by hand. */
export async function readBook(context: RequestContext<object>): Promise<BookFields> {
  const value = parseJson(await readText(context));
  const { title, author, year } = (typeof value === "object" && value !== null ? value : {}) as Partial<Book>;
  if (!isName(title) || !isName(author) || !Number.isInteger(year)) {
    throw new ResponseError(422, "A book has a title, an author and a year.", { code: "BOOK_FIELDS" });
  }
  return { title, author, year: year as number };
}

type Book = Record<keyof BookFields, unknown>;

/** The length may be unknown before (chunked bodies, HTTP/2), so what arrives is counted as well. */
async function readText(context: RequestContext<object>): Promise<string> {
  if (!/^application\/json\s*(?:;|$)/i.test(context.header("content-type") ?? "")) {
    throw new ResponseError(415, "Send the book as application/json.", { code: "BOOK_TYPE" });
  }
  let bytes = 0;
  assertSmall(Number(context.header("content-length") ?? 0));
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of context.body ?? []) {
    bytes += chunk.byteLength;
    assertSmall(bytes);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function assertSmall(bytes: number): void {
  if (bytes > MAX_BYTES) {
    throw new ResponseError(413, `A book has ${MAX_BYTES} bytes at most.`, { code: "BOOK_SIZE" });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ResponseError(400, "The body is not JSON.", { code: "BOOK_JSON", cause });
  }
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "" && value.length <= 200;
}
