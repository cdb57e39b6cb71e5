import { _get, Resource } from "argania";
import { EventStream } from "argania/sse";
import { expect, test } from "vitest";

test("events of a callback and of what it returns all arrive where a body is read piece by piece", async () => {
  const root = new Resource("/");
  root.setHandlerFor(
    _get.to(
      () =>
        new EventStream(({ send }) => {
          const sending = (async () => {
            for (let number = 0; number < 20; number++) {
              await send({ data: `c${number}` });
            }
          })();
          return (async function* () {
            for (let number = 0; number < 20; number++) {
              yield { data: `g${number}` };
            }
            await sending;
          })();
        }),
    ),
  );
  const text = await (await root.intoService().request("/")).text();
  const numbers = Array.from({ length: 20 }, (_, number) => number);
  expect(text.match(/c\d+/g)).toEqual(numbers.map((number) => `c${number}`));
  expect(text.match(/g\d+/g)).toEqual(numbers.map((number) => `g${number}`));
});
