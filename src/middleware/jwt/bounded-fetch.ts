/** In bytes. A key has less than 1 KiB, and a set a handful of them. */
const LONGEST_SET = 512 * 1024;
/** In milliseconds. */
const PAUSE_AFTER_FAILURE = 5000;

interface FetchOptions {
  readonly headers: Headers;
  readonly method: "GET";
  readonly redirect: "manual";
  readonly signal: AbortSignal;
}

/**
 * A `fetch` of key sets that reads no more than a key set can be long, and that, after a failure, fails at once for a
 * while: requests with tokens must not become as many requests to a server that has trouble.
 */
export function boundedFetch(): (url: string, options: FetchOptions) => Promise<Response> {
  let failure: { readonly at: number; readonly error: unknown } | undefined;
  return async (url, options) => {
    // Not the clock of the day: it may go back, and the pause would last as long.
    if (failure !== undefined && performance.now() - failure.at < PAUSE_AFTER_FAILURE) {
      throw failure.error;
    }
    try {
      const response = await fetch(url, options);
      if (response.status !== 200) {
        await response.body?.cancel();
        throw new Error(`The key set answered with status ${response.status}.`);
      }
      const text = await readText(response);
      assertKeySet(text);
      failure = undefined;
      return new Response(text);
    } catch (error) {
      failure = { at: performance.now(), error };
      throw error;
    }
  };
}

/** What is none must count as a failure, too. */
function assertKeySet(text: string): void {
  const set = JSON.parse(text) as { readonly keys?: unknown } | null;
  const isKey = (item: unknown) => typeof item === "object" && item !== null && !Array.isArray(item);
  if (!Array.isArray(set?.keys) || !set.keys.every(isKey)) {
    throw new TypeError("What was fetched is no key set.");
  }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  // Leaving the loop, also by throwing, cancels the body.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > LONGEST_SET) {
      throw new RangeError(`The key set is longer than ${LONGEST_SET} bytes.`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
