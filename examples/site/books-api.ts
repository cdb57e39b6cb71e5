import {
  _delete,
  _get,
  _post,
  _put,
  ErrorResponse,
  type Issue,
  json,
  QueryParamsError,
  queryParams,
  Resource,
  respond,
  StatusCode,
} from "argania";
import type { Book, BookStore } from "./book-store.ts";
import { readBook } from "./read-book.ts";

/** An error class of the application's own: it carries its status and renders itself. */
class BookNotFoundError extends ErrorResponse {
  readonly code = "BOOK_NOT_FOUND";
  readonly status = StatusCode.NOT_FOUND;

  constructor(id: string) {
    super(`There is no book ${id}.`);
  }
}

/**
 * The resource `/books` with everything below it. A resource has one place in one tree, so that a function builds it
 * for each place where it is wanted.
 */
export function buildBooksApi(store: BookStore): Resource<"/books"> {
  const books = new Resource("/books");
  const book = books.subresource("/{id:\\d+}");

  books.setHandlerFor([
    _get.to([queryParams], (query) => json(store.find(...readPage(query)))),
    _post.to(async (context) => {
      const added = store.add(await readBook(context));
      // href() knows where the resource is: /books/5 on one host, /api/books/5 on another.
      return respond(StatusCode.CREATED, { location: book.href({ id: added.id }) }, json(added));
    }),
  ]);

  book.setHandlerFor([
    _get.to(({ params }) => json(found(store.get(Number(params.id)), params.id))),
    _put.to(async (context) => {
      const { id } = context.params;
      found(store.get(Number(id)), id);
      return json(found(store.replace(Number(id), await readBook(context)), id));
    }),
    _delete.to(({ params }) => {
      if (!store.remove(Number(params.id))) {
        throw new BookNotFoundError(params.id);
      }
      return StatusCode.NO_CONTENT;
    }),
  ]);

  return books;
}

function found(book: Book | undefined, id: string): Book {
  if (book === undefined) {
    throw new BookNotFoundError(id);
  }
  return book;
}

/** `?search=…&limit=…`, checked by hand; a schema library does it with `queryParams(schema)`. */
function readPage(
  query: Readonly<Record<string, string | readonly string[]>>,
): [search: string, limit: number] {
  const { search = "", limit = "20" } = query;
  const issues: Issue[] = [];
  if (typeof search !== "string") {
    issues.push({ path: "search", message: "must occur once" });
  }
  if (!/^[1-9]\d?$/.test(String(limit))) {
    issues.push({ path: "limit", message: "must be a number from 1 to 99" });
  }
  if (issues.length > 0) {
    throw new QueryParamsError(issues);
  }
  return [String(search), Number(limit)];
}
