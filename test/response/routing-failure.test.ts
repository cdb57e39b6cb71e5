import {
  _get,
  _requestPasser,
  _requestReceiver,
  ErrorHandlerLayer,
  Host,
  NotAllowedMethodError,
  NotFoundResourceError,
  Resource,
  Router,
  text,
} from "argania";
import { describe, expect, it } from "vitest";
import { RoutingFailure } from "../../src/response/routing-failure.ts";

describe("a failure of routing", () => {
  it.each([undefined, "text/plain", "application/json", "text/html;q=0.1,*/*"])(
    "is rendered as its error is, however often: %s",
    async (accept) => {
      for (const make of [() => new NotFoundResourceError(), () => new NotAllowedMethodError("GET, HEAD")]) {
        const failure = new RoutingFailure(make);
        const expected = make().intoResponse(accept);
        const body = await expected.text();
        for (let times = 0; times < 2; times++) {
          const response = failure.render(accept);
          expect([response.status, [...response.headers]]).toEqual([expected.status, [...expected.headers]]);
          response.headers.set("x-later", "not in the next one");
          expect(await response.text()).toBe(body);
        }
      }
    },
  );

  it("throws a new error where a response is made of it", () => {
    const failure = new RoutingFailure(() => new NotFoundResourceError());
    const thrown = [0, 1].map(() => {
      try {
        return failure.intoResponse();
      } catch (error) {
        return error;
      }
    });
    expect(thrown).toEqual([expect.any(NotFoundResourceError), expect.any(NotFoundResourceError)]);
    expect(thrown[0]).not.toBe(thrown[1]);
  });
});

const caught = new ErrorHandlerLayer((error) => text(`caught ${(error as Error).name}`, 418));

function rootWith(target: ReturnType<typeof _requestReceiver> | ReturnType<typeof _requestPasser>): Resource {
  const root = new Resource("/");
  root.subresource("/a").setHandlerFor(_get.to(() => "a"));
  root.addLayerTo(target);
  return root as Resource;
}

describe("a layer", () => {
  it.each([
    ["GET", "/b", "NotFoundResourceError"],
    ["GET", "/a/b", "NotFoundResourceError"],
    ["PUT", "/a", "NotAllowedMethodError"],
  ])("catches what routing throws: %s %s", async (method, path, name) => {
    for (const target of [_requestReceiver(caught), _requestPasser(caught)]) {
      const response = await rootWith(target).intoService().request(path, { method });
      expect([response.status, await response.text()]).toEqual([418, `caught ${name}`]);
    }
    const router = new Router().addLayerTo(_requestPasser(caught));
    router.addResource(new Resource("/a").setHandlerFor(_get.to(() => "a")));
    const response = await router.intoService().request(path, { method });
    expect([response.status, await response.text()]).toEqual([418, `caught ${name}`]);
  });

  it("catches that no host is there", async () => {
    const router = new Router().addLayerTo(_requestPasser(caught));
    router.addHost(new Host("a.example", new Resource("/").setHandlerFor(_get.to(() => ""))));
    const response = await router.intoService().request("http://b.example/");
    expect(await response.text()).toBe("caught NotFoundResourceError");
  });
});
