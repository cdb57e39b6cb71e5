/** One request on its way, until its answer has been read or given up. */
export class RequestScope {
  readonly #abort = new AbortController();
  readonly #release: () => void;

  /**
   * @param signal what the test has given
   * @param scopes those that the client has to end when it is closed
   */
  constructor(signal: AbortSignal | undefined, scopes: Set<RequestScope>) {
    const onAbort = () => this.abort(signal?.reason);
    this.#release = () => {
      signal?.removeEventListener("abort", onAbort);
      scopes.delete(this);
    };
    scopes.add(this);
    if (signal?.aborted === true) {
      onAbort();
    } else {
      signal?.addEventListener("abort", onAbort, { once: true });
    }
  }

  /** Aborted when the client goes away. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The client goes away. */
  abort(reason: unknown = new DOMException("The test client has aborted the request.", "AbortError")): void {
    this.#release();
    this.#abort.abort(reason);
  }

  /** The answer is complete: what is aborted from now on comes too late. */
  finish(): void {
    this.#release();
  }

  /** What is promised, unless the client goes away before; then it is given up. */
  async race<T>(promised: Promise<T>, giveUp: (late: T) => void): Promise<T> {
    let onAbort = () => {};
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(this.signal.reason);
      this.signal.addEventListener("abort", onAbort, { once: true });
      if (this.signal.aborted) {
        onAbort();
      }
    });
    try {
      return await Promise.race([promised, aborted]);
    } catch (error) {
      promised.then(giveUp, () => {});
      throw error;
    } finally {
      this.signal.removeEventListener("abort", onAbort);
    }
  }

  /** The response, whose body ends with the scope, and the scope with it. */
  watch(response: Response): Response {
    if (response.body === null) {
      this.finish();
      return response;
    }
    const { status, statusText, headers } = response;
    return new Response(this.#watched(response.body), { status, statusText, headers });
  }

  #watched(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    const reader = body.getReader();
    const { signal } = this;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          signal.addEventListener("abort", () => {
            controller.error(signal.reason);
            reader.cancel(signal.reason).catch(() => {});
          });
        },
        pull: async (controller) => {
          const { done, value } = await reader.read().catch((error: unknown) => {
            this.finish();
            throw error;
          });
          if (signal.aborted) {
            return;
          }
          if (done) {
            this.finish();
            controller.close();
          } else {
            controller.enqueue(value);
          }
        },
        cancel: async (reason) => {
          await reader.cancel(reason).catch(() => {});
          this.abort(reason);
        },
      },
      { highWaterMark: 0 },
    );
  }
}
