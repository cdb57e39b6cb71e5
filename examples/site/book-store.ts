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

/** Books in memory: they are gone when the process ends. */
export class BookStore {
  readonly #books = new Map<number, Book>();
  #nextId = 1;

  constructor(books: readonly BookFields[] = []) {
    for (const book of books) {
      this.add(book);
    }
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
    const book = { id: this.#nextId++, ...fields };
    this.#books.set(book.id, book);
    return book;
  }

  /** Replaces a book; `undefined` when there is none with this id. */
  replace(id: number, fields: BookFields): Book | undefined {
    if (!this.#books.has(id)) {
      return undefined;
    }
    const book = { id, ...fields };
    this.#books.set(id, book);
    return book;
  }

  remove(id: number): boolean {
    return this.#books.delete(id);
  }
}

/** What the site starts with. */
export const sampleBooks: readonly BookFields[] = [
  { title: "Frankenstein", author: "Mary Shelley", year: 1818 },
  { title: "Walden", author: "Henry David Thoreau", year: 1854 },
  { title: "The Time Machine", author: "H. G. Wells", year: 1895 },
  { title: "A Room of One's Own", author: "Virginia Woolf", year: 1929 },
];
