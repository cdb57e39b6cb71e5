import { formError, type MultipartFormError } from "./multipart-form-error.ts";
import type { FormLimits } from "./multipart-options.ts";
import type { PartHead } from "./part-head.ts";

/** Counts the parts of one form and says which ones it may have. */
export class FormRules {
  readonly #limits: FormLimits;
  readonly #counts = new Map<string, number>();
  #parts = 0;
  #files = 0;

  constructor(limits: FormLimits) {
    this.#limits = limits;
  }

  /** Throws for a part that may not be there. */
  admit({ name, fileName, contentType }: PartHead): void {
    const { partCount, fileCount, fieldCount, parts, allowsOthers } = this.#limits;
    this.#parts++;
    if (fileName !== undefined) {
      this.#files++;
    }
    assertAtMost(partCount, this.#parts, "parts");
    assertAtMost(fileCount, this.#files, "files");
    assertAtMost(fieldCount, this.#parts - this.#files, "fields");
    const rule = parts.get(name);
    if (rule === undefined) {
      if (!allowsOthers) {
        throw formError("unknown-part", `Part ${this.#parts} of the form is not one that is taken here.`);
      }
      return;
    }
    this.#assertCount(name, rule.count);
    // An input without a chosen file is sent as an empty file without a name and of an unknown type.
    if (fileName !== "") {
      this.assertType({ name, contentType });
    }
  }

  /** Throws for a part of a type that it may not have. */
  assertType({ name, contentType }: Pick<PartHead, "name" | "contentType">): void {
    const types = this.#limits.parts.get(name)?.types;
    if (types?.some((type) => isOfType(contentType, type)) === false) {
      throw formError("part-type", `The part "${name}" must be of the type ${types.join(" or ")}.`, {
        part: name,
      });
    }
  }

  /** How many bytes a part may have. */
  limitOf({ name, fileName }: PartHead): number {
    const { parts, partLimit, fieldLimit } = this.#limits;
    return parts.get(name)?.limit ?? (fileName === undefined ? Math.min(partLimit, fieldLimit) : partLimit);
  }

  tooLarge(head: PartHead): MultipartFormError {
    const limit = this.limitOf(head);
    const part = this.#limits.parts.has(head.name) ? head.name : undefined;
    const which = part === undefined ? "A part" : `The part "${part}"`;
    return formError("part-limit", `${which} is larger than ${limit} bytes.`, { part, limit });
  }

  /** Says that a part was no part after all. */
  discount({ name }: PartHead): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 1) - 1);
  }

  /** Throws when a part is missing. To be called after the last one. */
  assertComplete(): void {
    for (const [part, { required }] of this.#limits.parts) {
      if (required === true && (this.#counts.get(part) ?? 0) === 0) {
        throw formError("missing-part", `The form lacks the part "${part}".`, { part });
      }
    }
  }

  #assertCount(part: string, limit = Number.POSITIVE_INFINITY): void {
    const count = (this.#counts.get(part) ?? 0) + 1;
    this.#counts.set(part, count);
    if (count > limit) {
      throw formError("part-count", `The form has more than ${limit} parts "${part}".`, { part, limit });
    }
  }
}

function assertAtMost(limit: number, count: number, what: string): void {
  if (count > limit) {
    throw formError("part-count", `The form has more than ${limit} ${what}.`, { limit });
  }
}

/** `wanted` is a type, or one with any subtype. */
function isOfType(type: string, wanted: string): boolean {
  return wanted.endsWith("/*") ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}
