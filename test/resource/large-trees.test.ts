import { _get, _head, _method, _post, _put, Resource } from "argania";
import { describe, expect, it, test } from "vitest";
import { NO_TEXT, textAt, writeChoice } from "../../src/resource/text-choice.ts";

const text = async (root: Resource, path: string, method = "GET") => {
  const response = await root.intoService().request(path, { method });
  return response.ok ? response.text() : String(response.status);
};

describe("the texts that a path may go on with", () => {
  const shared = Array.from({ length: 300 }, (_, index) => `collection${index}`);
  const mixed = ["a", "b/c", "b/d", "b-", "ab", "abc", "~", "!", "a-very-long-one", "a-very-long-two"];

  test.each([[["only"]], [shared], [mixed], [[...shared, ...mixed]]])("are all found: %#", (texts) => {
    const { choice, cells, written } = choiceAmong(texts);
    for (const one of texts) {
      for (const path of [one, `/${one}`, `/${one}/rest`, `/${one}?query`]) {
        const start = path.startsWith("/") ? 1 : 0;
        expect(written[textAt(cells, choice, path, start)], path).toEqual([one, texts.indexOf(one)]);
      }
    }
    for (const other of ["", "zzz", "collection", "collection300", "b", "b/e", "caf\u00e9"]) {
      const found = textAt(cells, choice, other, 0);
      expect(found === NO_TEXT || written[found]?.[0] !== other, other).toBe(true);
    }
  });

  it("may be none", () => {
    const { choice, cells } = choiceAmong([]);
    expect(choice).toBe(NO_TEXT);
    expect(textAt(cells, choice, "/a", 1)).toBe(NO_TEXT);
  });
});

/** A choice behind other cells, with what was written for the number of each text. */
function choiceAmong(texts: readonly string[]) {
  const cells = [7, 7, 7];
  const written: ([string, number] | null)[] = [null];
  const values = texts.map((_, index) => index);
  const choice = writeChoice(cells, [...texts], values, (one, value) => written.push([one, value]) - 1);
  return { choice, cells: Int32Array.from(cells), written };
}

describe("resources that only lead on", () => {
  const tree = () => {
    const root = new Resource("/");
    for (let index = 0; index < 40; index++) {
      root.subresource(`/api/v1/things${index}/list`).setHandlerFor(_get.to(() => `list ${index}`));
    }
    root.subresource("/api/v1/caf\u00e9/menu").setHandlerFor(_get.to(() => "menu"));
    root.subresource("/api/v2/{id}").setHandlerFor(_get.to(({ params }) => `id ${params.id}`));
    root.subresource("/api/v2/fixed/deep").setHandlerFor(_get.to(() => "deep"));
    return root;
  };

  test.each([
    ["/api/v1/things0/list", "list 0"],
    ["/api/v1/things39/list", "list 39"],
    ["/api/v1/things39/%6cist", "list 39"],
    ["/api/v1/caf%C3%A9/menu", "menu"],
    ["/api/v2/fixed/deep", "deep"],
    ["/api/v2/other", "id other"],
    ["/api/v2/fixed", "404"],
    ["/api", "404"],
    ["/api/v1", "404"],
    ["/api/v1/", "404"],
    ["/api/v1/things1", "404"],
    ["/api/v1/things40/list", "404"],
    ["/api/v1/things1/list/more", "404"],
  ])("%s answers %s", async (path, expected) => {
    expect(await text(tree(), path)).toBe(expected);
  });
});

describe("the handlers of a resource", () => {
  it("are found by their methods, however many there are", async () => {
    const names = Array.from({ length: 40 }, (_, index) => `M${index}`);
    const root = new Resource("/");
    for (const name of names) {
      root.setHandlerFor(_method(name).to(() => name));
    }
    expect(root.describe().methods).toEqual(names);
    const service = root.intoService();
    expect(await (await service.request("/", { method: "M39" })).text()).toBe("M39");
    expect((await service.request("/", { method: "GET" })).headers.get("allow")).toBe(names.join(", "));
  });

  it("are set all or none, in one call as in several", async () => {
    const root = new Resource("/").setHandlerFor(_get.to(() => "first"));
    const duplicate = expect.objectContaining({ code: "ARGANIA_DUPLICATE_HANDLER" });
    expect(() =>
      root.setHandlerFor(
        _put.to(() => "put"),
        _get.to(() => "second"),
      ),
    ).toThrow(duplicate);
    expect(() =>
      root.setHandlerFor(
        [_post.to(() => "1"), _head.to(() => null)],
        _post.to(() => "2"),
      ),
    ).toThrow(duplicate);
    expect(root.describe().methods).toEqual(["GET"]);
    const list = [_post.to(() => "posted")];
    root.setHandlerFor(list);
    list.push(_put.to(() => "put"));
    root.setHandlerFor(_head.to(() => null));
    expect(root.describe().methods).toEqual(["GET", "POST", "HEAD"]);
  });

  it("keep their order when resources become one", () => {
    const root = new Resource("/");
    const bare = root.subresource("/a");
    root.addSubresource(
      new Resource("/a").setHandlerFor(
        _post.to(() => "1"),
        _get.to(() => "2"),
      ),
    );
    expect(bare.describe().methods).toEqual(["POST", "GET"]);
    expect(root.describe().children[0]?.methods).toEqual(["POST", "GET"]);
  });
});

describe("a tree that serves", () => {
  it("is frozen as a whole, with what became a part of it", () => {
    const root = new Resource("/");
    const deep = root.subresource("/a/b/{c}/d");
    const merged = new Resource("/a");
    root.addSubresource(merged);
    root.intoService();
    const frozen = expect.objectContaining({ code: "ARGANIA_FROZEN_TREE" });
    expect(() => deep.subresource("/e")).toThrow(frozen);
    expect(() => deep.setHandlerFor(_get.to(() => ""))).toThrow(frozen);
    expect(() => merged.setHandlerFor(_get.to(() => ""))).toThrow(frozen);
    expect(() => deep.addSubresource(new Resource("/f"))).toThrow(frozen);
    expect(() => new Resource("/").addSubresource(deep)).toThrow(frozen);
    expect(deep.subresource.bind(root)("/a/b").path).toBe("/a/b");
  });
});
