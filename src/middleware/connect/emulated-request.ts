import { builtinModule } from "../../common/builtin-module.ts";
import { RequestContext } from "../../request/request-context.ts";
import type { HttpModule, RawRequest, Written } from "./node-http.ts";

interface StreamModule {
  readonly Duplex: { new (options: object): Destroyable };
}

interface Destroyable {
  destroy(): unknown;
}

/**
 * An `IncomingMessage` for a request that is none: of HTTP/2, of `service.fetch`, of a test. Middleware reads the body of
 * the context through it, which thereby is read.
 */
export function emulateRequest(http: HttpModule, context: RequestContext): RawRequest {
  const socket = emulateSocket(context);
  const request = new http.IncomingMessage(socket);
  const hasBody = context.body !== null;
  const headers = headersOf(context, hasBody);
  Object.assign(request, {
    method: context.method,
    httpVersion: "1.1",
    httpVersionMajor: 1,
    httpVersionMinor: 1,
    headers,
    rawHeaders: Object.entries(headers).flat(),
    _read: hasBody ? readerOf(request, context) : endOf(request),
    _destroy: (error: Error | null, callback: Written) => {
      if (!request.complete && error === null) {
        (request as { aborted?: boolean }).aborted = true;
        request.emit("aborted");
      }
      socket.destroy();
      // As Node's own: an error that nobody listens for would end the process.
      process.nextTick(() => callback(request.listenerCount("error") === 0 ? null : error));
    },
  });
  return request;
}

function endOf(request: RawRequest): () => void {
  return () => {
    request.complete = true;
    request.push(null);
  };
}

function readerOf(request: RawRequest, context: RequestContext): () => void {
  let chunks: AsyncIterator<Uint8Array> | null = null;
  const end = endOf(request);
  const fail = (error: unknown) => request.destroy(error instanceof Error ? error : new Error(String(error)));
  return () => {
    // As Node's own: until then a stream that nobody has begun to read would not ask for more than a first chunk.
    request._readableState.readingMore = false;
    try {
      chunks ??= RequestContext.sourceOf(context).chunks();
    } catch (error) {
      fail(error);
      return;
    }
    chunks
      .next()
      .then(({ done, value }) => (done === true ? end() : request.push(Buffer.from(value))))
      .catch(fail);
  };
}

/** A body must be announced, or middleware takes the request for one without. */
function headersOf(context: RequestContext, hasBody: boolean): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of context.headers) {
    headers[name] = value;
  }
  headers.host ??= context.url.host;
  if (hasBody && headers["content-length"] === undefined) {
    headers["transfer-encoding"] = "chunked";
  }
  return headers;
}

/** A connection that tells who is at its other end, and takes whatever is done to it. */
function emulateSocket(context: RequestContext): Destroyable {
  const { Duplex } = builtinModule<StreamModule>("node:stream") as StreamModule;
  const socket = new Duplex({
    read() {},
    write(_chunk: unknown, _encoding: unknown, callback: () => void) {
      callback();
    },
    // As on a server: an error that nobody listens for would end the process.
    destroy(_error: Error | null, callback: (error: null) => void) {
      callback(null);
    },
  });
  return Object.assign(socket, {
    remoteAddress: context.peerAddress,
    encrypted: context.scheme === "https",
    setTimeout: () => socket,
    setNoDelay: () => socket,
    setKeepAlive: () => socket,
    ref: () => socket,
    unref: () => socket,
  });
}
