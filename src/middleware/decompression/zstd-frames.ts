/** What comes next in a body: a number of so many bytes, or bytes whose value does not matter. */
interface Step {
  readonly kind: "magic" | "number" | "skip";
  readonly bytes: number;
}

/**
 * Follows the frames of a body in zstd (RFC 8878 §3.1) without decoding them, to know whether the last one is whole: Node 22
 * says nothing of one that was cut short.
 */
export class ZstdFrames {
  readonly #steps: Iterator<Step, void, number> = stepsOfFrames();
  /** `null` behind something that is no frame, of which the decoder tells. */
  #step: Step | null;
  #taken = 0;
  #number = 0;

  constructor() {
    this.#step = this.#steps.next(0).value ?? null;
  }

  /** Whether the body could end here. */
  get isWhole(): boolean {
    return this.#step === null || (this.#step.kind === "magic" && this.#taken === 0);
  }

  add(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.byteLength && this.#step !== null) {
      if (this.#step.kind === "skip") {
        const skipped = Math.min(this.#step.bytes - this.#taken, chunk.byteLength - at);
        this.#taken += skipped;
        at += skipped;
      } else {
        this.#number += (chunk[at++] as number) * 256 ** this.#taken++;
      }
      this.#advance();
    }
  }

  #advance(): void {
    while (this.#step !== null && this.#taken === this.#step.bytes) {
      const number = this.#number;
      this.#taken = 0;
      this.#number = 0;
      this.#step = this.#steps.next(number).value ?? null;
    }
  }
}

const FRAME = 0xfd2fb528;
const SKIPPABLE_FRAME = 0x184d2a50;

function* stepsOfFrames(): Generator<Step, void, number> {
  for (;;) {
    const magic = yield { kind: "magic", bytes: 4 };
    if (magic === FRAME) {
      yield* stepsOfFrame();
    } else if (magic >= SKIPPABLE_FRAME && magic < SKIPPABLE_FRAME + 16) {
      yield { kind: "skip", bytes: yield { kind: "number", bytes: 4 } };
    } else {
      return;
    }
  }
}

/** RFC 8878 §3.1.1: a header of variable length, blocks with their length and whether they are the last, a checksum. */
function* stepsOfFrame(): Generator<Step, void, number> {
  const descriptor = yield { kind: "number", bytes: 1 };
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const windowBytes = isSingleSegment ? 0 : 1;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] as number;
  const contentSizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] as number;
  yield { kind: "skip", bytes: windowBytes + dictionaryBytes + contentSizeBytes };
  for (let isLast = false; !isLast; ) {
    const header = yield { kind: "number", bytes: 3 };
    isLast = (header & 1) !== 0;
    // A block of one repeated byte has only that one.
    yield { kind: "skip", bytes: ((header >> 1) & 3) === 1 ? 1 : header >> 3 };
  }
  yield { kind: "skip", bytes: (descriptor & 4) !== 0 ? 4 : 0 };
}
