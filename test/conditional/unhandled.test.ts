import {
  _get,
  _methodHandler,
  _mistargetedRequest,
  _mistargetedRequestHandler,
  _put,
  _requestHandler,
  _requestReceiver,
  _wildcardMethod,
  _wildcardMethodHandler,
  Resource,
} from "argania";
import { ConditionalRequestsLayer } from "argania/middleware";
import { beforeEach, describe, expect, test } from "vitest";

let asked: string[] = [];
beforeEach(() => {
  asked = [];
});

const versions = () =>
  new ConditionalRequestsLayer({
    validators: ({ method }) => {
      asked.push(method);
      return { etag: '"1"' };
    },
    required: true,
  });

const get = () => _get.to(() => "x");
const put = () => _put.to(() => 204);
const CONDITIONS: readonly Record<string, string>[] = [
  {},
  { "if-match": '"0"' },
  { "if-match": '"1"' },
  { "if-none-match": "*" },
];

function pageOf(pattern = "/page"): readonly [Resource, Resource] {
  const root = new Resource("/");
  return [root, root.subresource(pattern) as unknown as Resource];
}

/** Conditions are ignored where the answer would be no 2xx and no 412 without them (RFC 9110 §13.2.1). */
describe("what no handler answers is as it is without conditions", () => {
  test.each<[string, string, string, number, () => Resource]>([
    [
      "a method without a handler",
      "DELETE",
      "/page",
      405,
      () => {
        const [root, page] = pageOf();
        page.setHandlerFor([get(), put()]).addLayerTo(_requestHandler(versions()));
        return root;
      },
    ],
    [
      "reading what can be written only",
      "GET",
      "/page",
      405,
      () => {
        const [root, page] = pageOf();
        page.setHandlerFor(put()).addLayerTo(_requestHandler(versions()));
        return root;
      },
    ],
    [
      "a method that makes it mistargeted",
      "DELETE",
      "/page",
      404,
      () => {
        const [root, page] = pageOf();
        page.setHandlerFor([get(), _wildcardMethod.to(null)]).addLayerTo(_requestHandler(versions()));
        return root;
      },
    ],
    [
      "the layers of the 405",
      "DELETE",
      "/page",
      405,
      () => {
        const [root, page] = pageOf();
        page.setHandlerFor(get()).addLayerTo(_wildcardMethodHandler(versions()));
        return root;
      },
    ],
    [
      "a method in a subtree",
      "DELETE",
      "/page/a/b",
      405,
      () => {
        const [root, page] = pageOf("/page *");
        page.setHandlerFor([get(), put()]).addLayerTo(_requestHandler(versions()));
        return root;
      },
    ],
    [
      "nothing there, from further out",
      "PUT",
      "/other",
      404,
      () => {
        const [root, page] = pageOf();
        page.setHandlerFor([get(), put()]);
        root.addLayerTo(_requestReceiver(versions()));
        return root;
      },
    ],
    [
      "nothing there, in its own layers",
      "PUT",
      "/other",
      404,
      () => new Resource("/").setHandlerFor(get()).addLayerTo(_mistargetedRequestHandler(versions())),
    ],
    [
      "a slash redirect",
      "PUT",
      "/page/",
      308,
      () => {
        const [root, page] = pageOf();
        page.setHandlerFor([get(), put()]).addLayerTo(_requestReceiver(versions()));
        return root;
      },
    ],
    [
      "a slash too many",
      "GET",
      "/page/",
      404,
      () => {
        const [root, page] = pageOf("/page !");
        page.setHandlerFor([get(), put()]).addLayerTo(_requestReceiver(versions()));
        return root;
      },
    ],
  ])("%s", async (_, method, path, status, make) => {
    const service = make().intoService();
    for (const headers of CONDITIONS) {
      expect((await service.request(path, { method, headers })).status).toBe(status);
    }
    expect(asked).toEqual([]);
  });
});

describe("what a handler answers takes conditions", () => {
  test.each<[string, string, string, () => Resource]>([
    [
      "the handler of a method",
      "PUT",
      "/page",
      () => {
        const [root, page] = pageOf();
        page.setHandlerFor([get(), put()]).addLayerTo(_methodHandler(["PUT"], versions()));
        return root;
      },
    ],
    [
      "the handler of all other methods",
      "DELETE",
      "/page",
      () => {
        const [root, page] = pageOf();
        page.setHandlerFor([get(), _wildcardMethod.to(() => 204)]).addLayerTo(_requestHandler(versions()));
        return root;
      },
    ],
    [
      "a subtree handler",
      "PUT",
      "/page/a/b",
      () => {
        const [root, page] = pageOf("/page *");
        page.setHandlerFor([get(), put()]).addLayerTo(_requestHandler(versions()));
        return root;
      },
    ],
    [
      "a subtree handler further out",
      "DELETE",
      "/all/page",
      () => {
        const all = new Resource("/all *").setHandlerFor(_wildcardMethod.to(() => 204));
        all.addLayerTo(_requestHandler(versions()));
        all.subresource("/page").setHandlerFor([get(), _wildcardMethod.to(null)]);
        const root = new Resource("/");
        root.addSubresource(all);
        return root;
      },
    ],
    [
      "a handler of mistargeted requests",
      "PUT",
      "/other",
      () =>
        new Resource("/")
          .setHandlerFor(_mistargetedRequest.to(() => 204))
          .addLayerTo(_mistargetedRequestHandler(versions())),
    ],
    [
      "a page whose slash does not matter, from further out",
      "PUT",
      "/page/",
      () => {
        const [root, page] = pageOf("/page ?");
        page.setHandlerFor([get(), put()]);
        root.addLayerTo(_requestReceiver(versions()));
        return root;
      },
    ],
  ])("%s", async (_, method, path, make) => {
    const service = make().intoService();
    const ask = async (headers: Record<string, string>) =>
      (await service.request(path, { method, headers })).status;
    expect(await Promise.all(CONDITIONS.map(ask))).toEqual([428, 412, 204, 412]);
  });
});
