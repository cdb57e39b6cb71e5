import { describeValue } from "../../common/describe-value.ts";

/** A value of a form field: several make several fields of one name. */
export type FormValue = string | number | boolean | bigint;

/** What a request sends; at most one of them. */
export interface TestBody {
  /** Sent as `application/json`. */
  readonly json?: unknown;
  /** Sent as `application/x-www-form-urlencoded`. */
  readonly form?: URLSearchParams | Readonly<Record<string, FormValue | readonly FormValue[]>>;
  /** Sent as `multipart/form-data`: fields, and files as `File` or `Blob`. */
  readonly multipart?: FormData | Readonly<Record<string, FormValue | Blob | readonly (FormValue | Blob)[]>>;
  /** Anything else: text, bytes, a stream, an async iterable of bytes. */
  readonly body?: RequestInit["body"] | AsyncIterable<Uint8Array>;
}

/** A body as `Request` takes it, with the headers that clients send along. */
export interface EncodedBody {
  readonly body: RequestInit["body"];
  readonly headers: Readonly<Record<string, string>>;
  /** Whether it can be sent only once, which a redirect may ask for twice. */
  readonly isStream: boolean;
}

const KINDS = ["json", "form", "multipart", "body"] as const;

/** Throws a `TypeError` for more than one body, and for what JSON has no form for. */
export function encodeBody(init: TestBody): EncodedBody {
  const given = KINDS.filter((kind) => init[kind] !== undefined);
  if (given.length > 1) {
    throw new TypeError(`A request has one body: give ${given.join(" or ")}, not both.`);
  }
  if (init.json !== undefined) {
    const text = JSON.stringify(init.json) as string | undefined;
    if (text === undefined) {
      throw new TypeError(`json has no JSON form: it is ${describeValue(init.json)}.`);
    }
    return whole(text, "application/json");
  }
  if (init.form !== undefined) {
    const form = init.form instanceof URLSearchParams ? init.form : new URLSearchParams(pairsOf(init.form));
    return whole(form.toString(), "application/x-www-form-urlencoded;charset=UTF-8");
  }
  if (init.multipart !== undefined) {
    const body = init.multipart instanceof FormData ? init.multipart : formDataOf(init.multipart);
    return { body, headers: {}, isStream: false };
  }
  return encodeRaw(init.body);
}

function encodeRaw(body: TestBody["body"]): EncodedBody {
  if (typeof body === "string") {
    return whole(body, "text/plain;charset=UTF-8");
  }
  if (body === undefined || body === null) {
    return { body: null, headers: {}, isStream: false };
  }
  if (ArrayBuffer.isView(body) || body instanceof ArrayBuffer) {
    return {
      body: body as NonNullable<RequestInit["body"]>,
      headers: { "content-length": String(body.byteLength) },
      isStream: false,
    };
  }
  if (body instanceof ReadableStream) {
    return { body, headers: {}, isStream: true };
  }
  if (typeof body === "object" && Symbol.asyncIterator in body) {
    return { body: streamOf(body as AsyncIterable<Uint8Array>), headers: {}, isStream: true };
  }
  return { body, headers: {}, isStream: false };
}

/** What a client knows the length of, it tells. */
function whole(text: string, type: string): EncodedBody {
  const body = new TextEncoder().encode(text);
  return {
    body,
    headers: { "content-type": type, "content-length": String(body.byteLength) },
    isStream: false,
  };
}

function* pairsOf<Value>(
  fields: Readonly<Record<string, Value | readonly Value[]>>,
): Generator<[string, string], undefined> {
  for (const [name, value] of Object.entries(fields)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      yield [name, String(one)];
    }
  }
}

function formDataOf(fields: Exclude<TestBody["multipart"], FormData | undefined>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of (Array.isArray(value) ? value : [value]) as (FormValue | Blob)[]) {
      if (one instanceof Blob) {
        form.append(name, one);
      } else {
        form.append(name, String(one));
      }
    }
  }
  return form;
}

function streamOf(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = await iterator.next();
        if (done === true) {
          controller.close();
        } else {
          controller.enqueue(value);
        }
      },
      cancel: async () => {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
