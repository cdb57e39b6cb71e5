import {
  _delete,
  _get,
  _post,
  _put,
  bodyLimit,
  ErrorResponse,
  json,
  jsonBody,
  queryParams,
  Resource,
  respond,
  StatusCode,
} from "argania";
import "argania/fastest-validator";
import type { EventChannel } from "argania/sse";
import { buildBookEvents } from "./book-events.ts";
import type { Book, BookStore } from "./book-store.ts";

// Rules of fastest-validator. What does not fit them never reaches a handler: the answer is a 400 that lists every issue.
const pageOfBooks = queryParams({
  search: { type: "string", default: "" },
  limit: { type: "number", integer: true, min: 1, max: 99, default: 20 },
});
const bookFields = jsonBody({
  title: "string|trim|min:1|max:200",
  author: "string|trim|min:1|max:200",
  year: "number|integer",
});

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
export function buildBooksApi(store: BookStore, changes: EventChannel): Resource<"/books"> {
  const books = new Resource("/books");
  const book = books.subresource("/{id:\\d+}");
  books.addSubresource(buildBookEvents(changes));
  books.setProperty(bodyLimit.to(16_384)); // bytes; more is a 413

  books.setHandlerFor([
    _get.to([pageOfBooks], ({ search, limit }) => json(store.find(search, limit))),
    _post.to([bookFields], (fields) => {
      const added = store.add(fields);
      // href() knows where the resource is: /books/5 on one host, /api/books/5 on another.
      return respond(StatusCode.CREATED, { location: book.href({ id: added.id }) }, json(added));
    }),
  ]);

  book.setHandlerFor([
    _get.to(({ params }) => json(found(store.get(Number(params.id)), params.id))),
    _put.to([bookFields], (fields, { params }) =>
      json(found(store.replace(Number(params.id), fields), params.id)),
    ),
    _delete.to(({ params }) => {
      found(store.remove(Number(params.id)), params.id);
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
