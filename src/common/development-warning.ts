import { nodeEnvironment } from "./node-environment.ts";

/** The part of the platform that tells developers of mistakes; every runtime but Workers has `emitWarning`. */
interface ProcessLike {
  emitWarning?(message: string, options: { readonly code: string }): void;
}

let isProduction: boolean | undefined;

/** Warns of one kind of mistake, once for each place where it is made; not where `NODE_ENV` is "production". */
export class DevelopmentWarning {
  readonly #code: string;
  readonly #warned = new Set<string>();

  /** @param code tells the warnings apart, for `process.on("warning")` */
  constructor(code: string) {
    this.#code = code;
  }

  isDueFor(place: string): boolean {
    isProduction ??= nodeEnvironment() === "production";
    return !isProduction && !this.#warned.has(place);
  }

  warn(place: string, message: string): void {
    if (!this.isDueFor(place)) {
      return;
    }
    this.#warned.add(place);
    const { emitWarning } = platform() ?? {};
    if (emitWarning === undefined) {
      console.warn(`[argania] ${message}`);
    } else {
      emitWarning(message, { code: this.#code });
    }
  }
}

function platform(): ProcessLike | undefined {
  return (globalThis as { readonly process?: ProcessLike }).process;
}
