import type { IntoResponse, RequestContext } from "argania";

/** Fails in one of many ways, each with something that no client may see. */
export function boom(kind: string, context: RequestContext): IntoResponse | Promise<IntoResponse> {
  const secret = new Error("DB=postgres://u:p@h");
  switch (kind) {
    case "sync":
      throw secret;
    case "reject":
      return Promise.reject(secret);
    case "null":
      throw null;
    case "string":
      throw "x";
    case "getter":
      throw Object.defineProperty(new Error("x"), "status", {
        get() {
          throw secret;
        },
      });
    case "status999":
      throw { status: 999 };
    case "frozen":
      throw Object.freeze(secret);
    case "never":
      return new Promise(() => {});
    case "after":
      return failingAfter(["first chunk"], secret);
    case "stream":
      return failingStream(secret);
    case "late":
      context.waitUntil(new Promise((_, reject) => setTimeout(() => reject(secret), 20)));
      return "in time";
    case "undef":
      return undefined;
    case "circular": {
      const circular: Record<string, unknown> = { secret: secret.message };
      circular.self = circular;
      return circular;
    }
    default:
      return kind;
  }
}

async function* failingAfter(chunks: readonly string[], error: Error): AsyncGenerator<string> {
  yield* chunks;
  throw error;
}

function failingStream(error: Error): ReadableStream<Uint8Array> {
  let pulls = 0;
  return new ReadableStream({
    pull(controller) {
      if (pulls++ === 0) {
        controller.enqueue(new Uint8Array(1024).fill(0x61));
      } else {
        controller.error(error);
      }
    },
  });
}
