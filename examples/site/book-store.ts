/** A book as clients write it. */
export interface BookFields {
  readonly title: string;
  readonly author: string;
  readonly year: number;
}

/** A book as the store has it. */
export interface Book extends BookFields {
  readonly id: number;
}

/** Called with every change, and the book as it is now, or was at last. */
export type BookListener = (change: "added" | "replaced" | "removed", book: Book) => void;

/** Books in memory: they are gone when the process ends. */
export class BookStore {
  readonly #books = new Map<number, Book>();
  readonly #listeners: BookListener[] = [];
  #nextId = 1;

  constructor(books: readonly BookFields[] = []) {
    for (const book of books) {
      this.add(book);
    }
  }

  onChange(listener: BookListener): void {
    this.#listeners.push(listener);
  }

  /** The books whose title or author holds `search`, in order of their ids. */
  find(search: string, limit: number): readonly Book[] {
    const wanted = search.toLowerCase();
    return [...this.#books.values()]
      .filter(({ title, author }) => `${title}\n${author}`.toLowerCase().includes(wanted))
      .slice(0, limit);
  }

  get(id: number): Book | undefined {
    return this.#books.get(id);
  }

  add(fields: BookFields): Book {
    return this.#put("added", { id: this.#nextId++, ...fields });
  }

  /** Replaces a book; `undefined` when there is none with this id. */
  replace(id: number, fields: BookFields): Book | undefined {
    return this.#books.has(id) ? this.#put("replaced", { id, ...fields }) : undefined;
  }

  /** The book that was removed; `undefined` when there is none with this id. */
  remove(id: number): Book | undefined {
    const book = this.#books.get(id);
    if (book !== undefined) {
      this.#books.delete(id);
      this.#tell("removed", book);
    }
    return book;
  }

  #put(change: "added" | "replaced", book: Book): Book {
    this.#books.set(book.id, book);
    this.#tell(change, book);
    return book;
  }

  #tell(...change: Parameters<BookListener>): void {
    for (const listener of this.#listeners) {
      listener(...change);
    }
  }
}

/** What the site starts with. */
export const sampleBooks: readonly BookFields[] = [
  { title: "Frankenstein", author: "Mary Shelley", year: 1818 },
  { title: "Walden", author: "Henry David Thoreau", year: 1854 },
  { title: "The Time Machine", author: "H. G. Wells", year: 1895 },
  { title: "A Room of One's Own", author: "Virginia Woolf", year: 1929 },
];
