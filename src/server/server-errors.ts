import { ArganiaError } from "../common/argania-error.ts";

/** An address that cannot be listened on because of how it is written. */
export class AddressError extends ArganiaError {
  readonly code = "ARGANIA_ADDRESS";
}

/** A limit, a duration or a TLS option that the server cannot work with. */
export class ServerOptionError extends ArganiaError {
  readonly code = "ARGANIA_SERVER_OPTION";
}

/** One address that could not be bound, and why. */
export interface FailedAddress {
  /** As it was given to `serve()`. */
  readonly address: string;
  /** What the system said: its `code` is `EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`, `ENOTFOUND`, … */
  readonly reason: Error;
}

/** None of the addresses could be bound, or a worker ended before it served, or workers ended again and again. */
export class ServeError extends ArganiaError {
  readonly code = "ARGANIA_SERVE";
  /** Empty when it was a worker. */
  readonly failures: readonly FailedAddress[];

  constructor(failures: readonly FailedAddress[], message: string = messageOf(failures)) {
    super(message, { cause: failures[0]?.reason });
    this.failures = Object.freeze([...failures]);
  }
}

function messageOf(failures: readonly FailedAddress[]): string {
  const list = failures.map(({ address, reason }) => `  ${address}: ${reason.message}`);
  return `The server could not listen on any address.\n${list.join("\n")}`;
}
