import type { BoundAddress } from "./address.ts";
import { type FailedAddress, ServeError } from "./server-errors.ts";

/** What a worker says to the process that started it. `call` names the call of `serve()` that it is about. */
export interface WorkerReport {
  /** `ask`: where to listen? Then `listening` or `failed`, and at last `closed`. */
  readonly argania: "ask" | "listening" | "failed" | "closed";
  readonly call: string;
  readonly error?: SentError;
}

/** What a worker is told: to listen, that nothing is to be served there, or to drain. */
export type WorkerOrder =
  | { readonly argania: "listen" | "close"; readonly call: string; readonly address: BoundAddress }
  | { readonly argania: "refuse"; readonly call: string; readonly error: SentError };

/** A `ServeError` as data: messages between processes are JSON. */
export interface SentError {
  readonly message: string;
  readonly failures: readonly {
    readonly address: string;
    readonly message: string;
    readonly code?: string;
  }[];
}

/** Programs may send messages of their own over the same channel. */
export function isReport(message: unknown): message is WorkerReport {
  return isOurs(message) && ["ask", "listening", "failed", "closed"].includes(message.argania);
}

export function isOrder(message: unknown): message is WorkerOrder {
  return isOurs(message) && ["listen", "close", "refuse"].includes(message.argania);
}

function isOurs(message: unknown): message is { readonly argania: string } {
  return typeof message === "object" && message !== null && "argania" in message && "call" in message;
}

export function toSent({ message, failures }: ServeError): SentError {
  return {
    message,
    failures: failures.map(({ address, reason }) => {
      const { code } = reason as NodeJS.ErrnoException;
      return { address, message: reason.message, ...(code === undefined ? {} : { code }) };
    }),
  };
}

export function fromSent(sent: SentError): ServeError {
  const failures: FailedAddress[] = sent.failures.map(({ address, message, code }) => ({
    address,
    reason: Object.assign(new Error(message), code === undefined ? {} : { code }),
  }));
  return new ServeError(failures, sent.message);
}
