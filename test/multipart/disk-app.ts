import { writeSync } from "node:fs";
import { multipartBody, multipartFields } from "../../src/data/multipart/index.ts";
import { _post, json, Resource, Server } from "../../src/index.ts";

// Takes forms in every way. All but the last one are to work where nothing may be written.

const root = new Resource("/");
const upload = multipartBody({ bodyLimit: 2 ** 26 });
root.subresource("/stream").setHandlerFor(
  _post.to([upload], async (form) => {
    const lengths: number[] = [];
    for await (const part of form) {
      let length = 0;
      for await (const chunk of part.stream()) {
        length += chunk.byteLength;
      }
      lengths.push(length);
    }
    return json(lengths);
  }),
);
root.subresource("/bytes").setHandlerFor(
  _post.to([upload], async (form) => {
    const lengths: number[] = [];
    for await (const part of form) {
      lengths.push((await part.bytes()).byteLength);
    }
    return json(lengths);
  }),
);
root.subresource("/text").setHandlerFor(
  _post.to([upload], async (form) => {
    const lengths: number[] = [];
    for await (const part of form) {
      lengths.push((await part.text()).length);
    }
    return json(lengths);
  }),
);
const lengthOf = (value: unknown) => (value instanceof File ? value.size : String(value).length);
root
  .subresource("/object")
  .setHandlerFor(
    _post.to([upload], async (form) => json(Object.values(await form.toObject()).map(lengthOf))),
  );
root
  .subresource("/fields")
  .setHandlerFor(
    _post.to([multipartFields.withOptions({ bodyLimit: 2 ** 26 })], (fields) =>
      json(Object.values(fields).map(lengthOf)),
    ),
  );
root.subresource("/skip").setHandlerFor(
  _post.to([upload], async (form) => {
    const lengths: number[] = [];
    for await (const part of form) {
      lengths.push(part.name.length);
    }
    return json(lengths);
  }),
);
root.subresource("/first").setHandlerFor(
  _post.to([upload], async (form) => {
    for await (const part of form) {
      return json([part.name.length]);
    }
    return json([]);
  }),
);
root.subresource("/save").setHandlerFor(
  _post.to([upload], async (form) => {
    const lengths: number[] = [];
    for await (const part of form) {
      lengths.push(await part.saveTo(`${process.env.SAVE_TO}/${part.name}`));
    }
    return json(lengths);
  }),
);

const logger = {
  error: ({ err }: { readonly err: unknown }) =>
    writeSync(1, `reported ${(err as { code?: string }).code};\n`),
};
new Server()
  .withLogger(logger)
  .serve(root.intoService({ logger }), "127.0.0.1:0")
  .then(({ address }) => {
    writeSync(1, `port ${address.port};\n`);
  });
