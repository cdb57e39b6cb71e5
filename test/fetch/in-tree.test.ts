import {
  _get,
  _methodHandler,
  _mistargetedRequest,
  _post,
  _requestReceiver,
  _wildcardMethod,
  around,
  bodyLimit,
  ErrorHandlerLayer,
  ResponseError,
  respond,
} from "argania";
import { fetchHandler } from "argania/fetch";
import { describe, expect, test } from "vitest";
import { site } from "../testing/app.ts";
import { type Answer, mounted } from "./mounted.ts";

describe("in the tree", () => {
  test("guards, params and layers in front of it apply; siblings come first", async () => {
    const { client } = site((root) => {
      const tenant = root.subresource("/{tenant}");
      const app = fetchHandler(({ url }, env) => Response.json([new URL(url).pathname, env]), {
        prefix: "strip",
        env: ({ params }: { params: object }) => params,
      });
      tenant.subresource("/api ?*").setHandlerFor([_get.to(() => "own"), _wildcardMethod.to(app)]);
      tenant.subresource("/api/own").setHandlerFor(_post.to(() => "tree"));
      tenant.subresource("/api/admin").addLayerTo(
        _requestReceiver(
          around(() => {
            throw new ResponseError(403);
          }),
        ),
      );
      tenant.subresource("/api").addLayerTo(
        _requestReceiver(
          around(async (_, next) => {
            const response = await next();
            response.headers.set("x-layer", "1");
            return response;
          }),
        ),
      );
    });
    const at = client();
    const answer = await at.put("/acme/api/v1/things");
    expect(answer.headers.get("x-layer")).toBe("1");
    expect(await answer.json()).toEqual(["/v1/things", { tenant: "acme" }]);
    expect(await at.get("/acme/api").text()).toBe("own");
    expect(await at.post("/acme/api/own").text()).toBe("tree");
    await at.put("/acme/api/admin/x").expectStatus(403);
    await at.put("/acme/api/%61dmin").expectStatus(403);
  });

  test("what it throws passes outwards, through the layers", async () => {
    const { client, errors } = site((root) => {
      const boom = (): Response => {
        throw new Error("boom");
      };
      root.subresource("/sync").setHandlerFor(_get.to(fetchHandler(boom)));
      root.subresource("/async").setHandlerFor(_get.to(fetchHandler(async () => boom())));
      const kept = root.subresource("/kept").setHandlerFor(_get.to(fetchHandler(boom)));
      kept.addLayerTo(
        _methodHandler("GET", new ErrorHandlerLayer((error) => respond(418, (error as Error).message))),
      );
    });
    const at = client();
    await at.get("/sync").expectStatus(500);
    await at.get("/async").expectStatus(500);
    expect(await at.get("/kept").expectStatus(418).text()).toBe("boom");
    expect(errors).toHaveLength(2);
  });

  test("answers that fall through are somebody else's", async () => {
    const app: Answer = (request) =>
      request.url.endsWith("/there") ? new Response("app") : new Response("not here", { status: 404 });
    const { client } = site((root) => {
      root.setHandlerFor(_mistargetedRequest.to(({ path }) => respond(404, `page ${path}`)));
      const on = fetchHandler(app, { fallThrough: true });
      root.subresource("/x ?*").setHandlerFor(_wildcardMethod.to(on));
      root.subresource("/off ?*").setHandlerFor(_wildcardMethod.to(fetchHandler(app)));
      const shop = root
        .subresource("/shop *")
        .setHandlerFor(_get.to(({ subtreePath }) => `shop ${subtreePath}`));
      shop.subresource("/x ?*").setHandlerFor(_get.to(on).withProperty(bodyLimit.to(10)));
      root.subresource("/own ?*").setHandlerFor([_get.to(on), _mistargetedRequest.to(on)]);
      root
        .subresource("/some ?*")
        .setHandlerFor(_get.to(fetchHandler(app, { fallThrough: ({ status }) => status === 200 })));
    });
    const at = client();
    expect(await at.get("/x/there").text()).toBe("app");
    expect(await at.get("/x/nowhere").text()).toBe("page /x/nowhere");
    expect(await at.get("/x").text()).toBe("page /x");
    expect(await at.get("/off/nowhere").text()).toBe("not here");
    expect(await at.get("/shop/x/y").text()).toBe("shop /x/y");
    expect(await at.get("/own/nowhere").text()).toBe("page /own/nowhere");
    expect(await at.get("/some/there").text()).toBe("page /some/there");
    expect(await at.get("/some/nowhere").text()).toBe("not here");
  });

  test("falling through to nobody is a 404, and lets go of the app's body", async () => {
    let isCancelled = false;
    const { at } = mounted(
      () =>
        new Response(
          new ReadableStream({
            cancel: () => {
              isCancelled = true;
            },
          }),
          { status: 404 },
        ),
      { fallThrough: true },
    );
    expect(await at.get("/x").json()).toMatchObject({ code: "ARGANIA_NOT_FOUND_RESOURCE" });
    expect(isCancelled).toBe(true);
  });
});
