export interface NoteFields {
  readonly title: string;
  readonly text: string;
}

export interface Note extends NoteFields {
  readonly id: number;
  /** Another one after each change: who wants to change a note says which version he has seen. */
  readonly version: number;
}

export type NoteChange = "added" | "changed" | "removed";

/** Notes in memory: they are gone when the process ends. */
export class NoteStore {
  readonly #notes = new Map<number, Note>();
  readonly #listeners: ((change: NoteChange, note: Note) => void)[] = [];
  #nextId = 1;

  constructor(notes: readonly NoteFields[] = []) {
    for (const note of notes) {
      this.add(note);
    }
  }

  onChange(listener: (change: NoteChange, note: Note) => void): void {
    this.#listeners.push(listener);
  }

  /** Those whose title or text holds `search`. */
  find(search: string, limit: number): readonly Note[] {
    const wanted = search.toLowerCase();
    return [...this.#notes.values()]
      .filter(({ title, text }) => `${title}\n${text}`.toLowerCase().includes(wanted))
      .slice(0, limit);
  }

  get(id: number): Note | undefined {
    return this.#notes.get(id);
  }

  add(fields: NoteFields): Note {
    return this.#put("added", { ...fields, id: this.#nextId++, version: 1 });
  }

  change({ id, version }: Note, fields: NoteFields): Note {
    return this.#put("changed", { ...fields, id, version: version + 1 });
  }

  remove(note: Note): void {
    this.#notes.delete(note.id);
    this.#tell("removed", note);
  }

  #put(change: NoteChange, note: Note): Note {
    this.#notes.set(note.id, note);
    this.#tell(change, note);
    return note;
  }

  #tell(change: NoteChange, note: Note): void {
    for (const listener of this.#listeners) {
      listener(change, note);
    }
  }
}

/** What the app starts with. */
export const sampleNotes: readonly NoteFields[] = [
  { title: "Shopping", text: "Apples, bread, a lamp." },
  { title: "Reading", text: "Frankenstein. Walden. The Time Machine." },
];
