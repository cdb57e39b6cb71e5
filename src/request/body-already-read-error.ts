import { ArganiaError } from "../common/argania-error.ts";

/** The body of a request was to be read a second time. It comes over the network once and is not kept. */
export class BodyAlreadyReadError extends ArganiaError {
  readonly code = "ARGANIA_BODY_ALREADY_READ";

  constructor(message: string = READ_HERE) {
    super(message);
  }
}

const READ_HERE =
  "The body of this request is read already: by an extractor such as jsonBody, by middleware in a connectLayer, or through context.request or context.body. Read it once, and hand what was read on as an argument or in context.extensions.";

/** What Connect and Express middleware has done before the request came to the service. */
export const READ_IN_FRONT: string =
  "Something else has read the body of this request before: put the service in front of body parsers.";

/** The streams of bodies that are read already. */
const readBodies = new WeakMap<ReadableStream, BodyAlreadyReadError>();

/** A stream that fails at once, in the place of a body that is read already. */
export function streamOfError(error: unknown): ReadableStream<Uint8Array> {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.error(error);
    },
  });
  if (error instanceof BodyAlreadyReadError) {
    readBodies.set(stream, error);
  }
  return stream;
}

/** Why nobody can read a body any more that somebody else has begun to read; else `undefined`. */
export function alreadyReadError(body: ReadableStream): BodyAlreadyReadError | undefined {
  return readBodies.get(body) ?? (body.locked ? new BodyAlreadyReadError() : undefined);
}
