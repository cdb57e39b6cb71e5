import { _get, _post, type AnyResource, type NodeDescription, Resource } from "argania";
import { expect, it } from "vitest";

/** The case merge-178 of argan has no requests: its note tells what each resource has afterwards. */
it("merge merge-178: an effect-less tree hands its children over, level by level", () => {
  const parent = new Resource("/st_0_0/{wl_1_0}");
  for (const path of [
    "/{rx_2_0:p0}/",
    "/{rx_2_0:p0}/st_3_0",
    "/{rx_2_0:p0}/{rx_3_1:p0}",
    "/{rx_2_0:p0}/{rx_3_1:p0}/{wl_4_0}",
    "/{rx_2_0:p0}/{rx_3_1:p0}/st_4_1",
    "/{rx_2_0:p0}/{rx_3_1:p0}/st_4_2",
    "/st_2_1",
    "/st_2_1/{wl_3_0}/{rx_4_0:p0}",
    "/st_2_1/{wl_3_0}/{rx_4_1:p1}/",
    "/st_2_1/{wl_3_0}",
  ]) {
    parent.addSubresource(new Resource(`/st_0_0/{wl_1_0}${path}`));
  }
  parent.subresource("/{rx_2_0:p0}").setHandlerFor(_post.to(() => null));
  parent.subresource("/{rx_2_0:p0}/{rx_3_1:p0}/{wl_4_0}").setHandlerFor(_get.to(() => null));
  parent.subresource("/{rx_2_0:p0}/{rx_3_1:p0}/st_4_2/st_5_0");

  const added = new Resource("/{rx_2_0:p0}");
  const rx31 = new Resource("/{rx_3_1:p0}").setHandlerFor(
    _get.to(() => null),
    _post.to(() => null),
  );
  rx31.subresource("/st_4_1").setHandlerFor(_post.to(() => null));
  rx31.addSubresource([new Resource("/{rx_4_3:p0}"), new Resource("/st_4_4")]);
  parent.addSubresource(added.addSubresource(rx31));

  const at = (path: string) => shapeOf(parent.subresource(path));
  expect(at("/{rx_2_0:p0}")).toEqual({ methods: ["POST"], static: 1, regex: 1, wildcard: 0 });
  expect(at("/{rx_2_0:p0}/{rx_3_1:p0}")).toEqual({
    methods: ["GET", "POST"],
    static: 3,
    regex: 1,
    wildcard: 1,
  });
  expect(at("/{rx_2_0:p0}/{rx_3_1:p0}/{wl_4_0}").methods).toEqual(["GET"]);
  expect(at("/{rx_2_0:p0}/{rx_3_1:p0}/st_4_1").methods).toEqual(["POST"]);
  expect(at("/{rx_2_0:p0}/{rx_3_1:p0}/st_4_2").static).toBe(1);

  const wl30 = new Resource("/st_0_0/{wl_1_0}/st_2_1/{wl_3_0}").setHandlerFor(_get.to(() => null));
  wl30.addSubresource(new Resource("/st_4_1"));
  parent.addSubresource(wl30);
  expect(at("/st_2_1/{wl_3_0}")).toEqual({ methods: ["GET"], static: 1, regex: 2, wildcard: 0 });
});

function shapeOf(resource: AnyResource): Record<string, unknown> {
  const { methods, children } = resource.describe();
  const count = (kind: NodeDescription["kind"]) => children.filter((child) => child.kind === kind).length;
  return { methods, static: count("static"), regex: count("regex"), wildcard: count("wildcard") };
}
