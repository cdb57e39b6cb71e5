import { json } from "argania";
import type { FormPart, MultipartForm } from "argania/multipart";
import { describe, expect, test } from "vitest";
import { BOUNDARY, CONTENT_TYPE, cutAt, formOf, streamOf } from "./form-of.ts";
import { formService, partsOf, send } from "./read-form.ts";

const THREE = formOf({ name: "a", body: "1" }, { name: "b", body: "22" }, { name: "c", body: "333" });

/** What `use` makes of the form of three parts, each byte in a chunk of its own. */
async function read(use: (form: MultipartForm) => unknown, form: Buffer = THREE): Promise<unknown> {
  const { service, reports } = formService(async (parts) => json({ got: await use(parts) }));
  const { body } = await send(
    service,
    Array.from(form, (byte) => Uint8Array.of(byte)),
  );
  return (
    (body as { got?: unknown }).got ??
    reports.map(({ err }) => [(err as { code?: string }).code, String(err)])
  );
}

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "no error",
    (error: { code?: string; name: string }) => error.code ?? error.name,
  );
}

describe("the loop", () => {
  test("skips what is not read", async () => {
    const names = await read(async (form) => {
      const seen: unknown[] = [];
      for await (const part of form) {
        seen.push(part.name === "b" ? await part.text() : part.name);
      }
      return seen;
    });
    expect(names).toEqual(["a", "22", "c"]);
  });

  test("waits for what is being read", async () => {
    const texts = await read(async (form) => {
      const promises: Promise<string>[] = [];
      for await (const part of form) {
        promises.push(part.text());
      }
      return Promise.all(promises);
    });
    expect(texts).toEqual(["1", "22", "333"]);
  });

  test("ends a stream that was not read, and goes on", async () => {
    const result = await read(async (form) => {
      const seen: unknown[] = [];
      const streams: ReadableStream<Uint8Array>[] = [];
      for await (const part of form) {
        seen.push(part.name);
        streams.push(part.stream());
      }
      return [seen, await Promise.all(streams.map((stream) => codeOf(new Response(stream).text())))];
    });
    expect(result).toEqual([["a", "b", "c"], Array(3).fill("ARGANIA_BODY_ALREADY_READ")]);
  });

  test("goes on after a stream that its reader has cancelled", async () => {
    const names = await read(async (form) => {
      const seen: unknown[] = [];
      for await (const part of form) {
        seen.push(part.name);
        const reader = part.stream().getReader();
        await reader.read();
        await reader.cancel();
      }
      return seen;
    });
    expect(names).toEqual(["a", "b", "c"]);
  });

  test("takes calls of next that do not wait for each other in turn", async () => {
    const names = await read(async (form) => {
      const parts = form[Symbol.asyncIterator]();
      const results = await Promise.all([
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
      ]);
      return results.map(({ done, value }) => [done, value?.name]);
    });
    expect(names).toEqual(
      [
        [false, "a"],
        [false, "b"],
        [false, "c"],
        [true, undefined],
        [true, undefined],
      ].map(([done, name]) => (name === undefined ? [done, null] : [done, name])),
    );
  });

  test("runs once", async () => {
    const code = await read(async (form) => {
      await partsOf(form);
      return codeOf(partsOf(form));
    });
    expect(code).toBe("ARGANIA_BODY_ALREADY_READ");
  });

  test.each(["break", "throw"])("that is left by %s ends its parts", async (how) => {
    const code = await read(async (form) => {
      let kept: FormPart | undefined;
      try {
        for await (const part of form) {
          kept = part;
          if (how === "throw") {
            throw new Error("enough");
          }
          break;
        }
      } catch (error) {
        expect(String(error)).toBe("Error: enough");
      }
      return codeOf((kept as FormPart).text());
    });
    expect(code).toBe("ARGANIA_BODY_ALREADY_READ");
  });

  test("that is left lets go of the body", async () => {
    let isCancelled = false;
    const { service } = formService(async (form) => {
      for await (const part of form) {
        return json(part.name);
      }
      return json("none");
    });
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(THREE.subarray(0, -60)),
      cancel: () => {
        isCancelled = true;
      },
    });
    const request = { method: "POST", headers: { "content-type": CONTENT_TYPE }, body };
    expect(await (await service.request("/", request)).json()).toBe("a");
    expect(isCancelled).toBe(true);
  });
});

describe("a part", () => {
  test("is read once", async () => {
    const codes = await read(async (form) => {
      for await (const part of form) {
        await part.text();
        const again: unknown[] = [];
        for (const method of ["bytes", "text", "json"] as const) {
          again.push(await codeOf(part[method]()));
        }
        again.push(await codeOf(part.saveTo("/nowhere")));
        expect(() => part.stream()).toThrow(/read already/);
        return again;
      }
      return [];
    });
    expect(codes).toEqual(Array(4).fill("ARGANIA_BODY_ALREADY_READ"));
  });

  test("is not read when the loop has gone on", async () => {
    const codes = await read(async (form) => {
      const parts: FormPart[] = [];
      for await (const part of form) {
        parts.push(part);
      }
      return Promise.all(parts.map((part) => codeOf(part.text())));
    });
    expect(codes).toEqual(Array(3).fill("ARGANIA_BODY_ALREADY_READ"));
  });

  test("tells the server, not the client, that it was read twice", async () => {
    const reports = await read(async (form) => {
      for await (const part of form) {
        await part.text();
        await part.text();
      }
    });
    expect(reports).toEqual([["ARGANIA_BODY_ALREADY_READ", expect.stringContaining('The part "a"')]]);
  });

  test("cannot be used to change what the parser looks for", async () => {
    // The parser finds that these are no boundaries, and hands over what it keeps of the boundary itself.
    const body = "x\r\n--y\r\n--z";
    const form = formOf({ name: "a", body }, { name: "b", body: "-" });
    const { service } = formService(async (parts) => {
      const seen: string[] = [];
      for await (const part of parts) {
        let text = "";
        for await (const chunk of part.stream()) {
          text += Buffer.from(chunk).toString();
          chunk.fill(0);
        }
        seen.push(text);
      }
      return json(seen);
    });
    const start = form.indexOf(body);
    for (let first = 1; first < body.length; first++) {
      for (let second = first + 1; second <= body.length; second++) {
        const cuts = cutAt(form, start, start + first, start + second);
        expect(await send(service, cuts)).toMatchObject({ status: 200, body: [body, "-"] });
      }
    }
  });

  test("no faster than it is read", async () => {
    const piece = Buffer.alloc(16_384, "x");
    const [head = new Uint8Array(), tail = new Uint8Array()] = cutAt(
      formOf({ name: "a" }),
      formOf({ name: "a" }).length - BOUNDARY.length - 8,
    );
    let given = 0;
    const { service } = formService(async (form) => {
      for await (const part of form) {
        const reader = part.stream().getReader();
        await reader.read();
        await new Promise((resolve) => setTimeout(resolve, 20));
        const before = given;
        let length = 16_384;
        for (let next = await reader.read(); !next.done; next = await reader.read()) {
          length += next.value.byteLength;
        }
        return json({ before, length });
      }
      return "none";
    });
    const chunks = function* () {
      yield head;
      for (; given < 64; given++) {
        yield piece;
      }
      yield tail;
    };
    const response = await service.request("/", {
      method: "POST",
      headers: { "content-type": CONTENT_TYPE },
      body: streamOf(chunks()),
    });
    const { before, length } = (await response.json()) as { before: number; length: number };
    expect(length).toBe(64 * 16_384);
    expect(before).toBeLessThan(8);
  });
});
