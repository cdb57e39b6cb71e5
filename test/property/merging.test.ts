import {
  _get,
  _post,
  _requestReceiver,
  around,
  DefinitionError,
  type NodeDescription,
  Resource,
  respond,
} from "argania";
import fc from "fast-check";
import { expect, test } from "vitest";

/** No two of the regexes match one segment, so that their order does not matter; names tell the depth. */
const SEGMENTS = ["a", "b", "{{", "{n:\\d+}", "{l:[c-e]+}-{m:\\d}", "{w}"] as const;
const SAMPLES: readonly string[] = ["a", "b", "%7B", "12", "cd-1", "zzz", "A"];
const CONFIGS = ["", "", "", "/", " *", "/ ?*", " !"] as const;

interface Piece {
  readonly path: string;
  /** With the symbols that this path has wherever it is written. */
  readonly pattern: string;
  readonly effect: "none" | "handlers" | "layer" | "both";
  /** Written without symbols; only for one without effect. */
  readonly isBare: boolean;
}

const paths = fc
  .array(fc.nat(SEGMENTS.length - 1), { minLength: 1, maxLength: 3 })
  .map((picks) =>
    picks.map((pick, depth) => `/${(SEGMENTS[pick] ?? "").replace(/\{(\w)/g, `{$1${depth}`)}`).join(""),
  );

/** Each path with a configuration, one piece with an effect, and some without. */
const pieces: fc.Arbitrary<Piece[]> = fc
  .uniqueArray(
    fc.record({
      path: paths,
      config: fc.constantFrom(...CONFIGS),
      effect: fc.constantFrom("handlers", "handlers", "layer", "both", "none"),
      others: fc.array(fc.boolean(), { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 7, selector: ({ path }) => path },
  )
  .map((all) =>
    all.flatMap(({ path, config, effect, others }): Piece[] => [
      { path, pattern: path + config, effect, isBare: false },
      ...others.map(
        (isBare): Piece => ({ path, pattern: isBare ? path : path + config, effect: "none", isBare }),
      ),
    ]),
  );

function makePiece({ path, pattern, effect }: Piece): Resource {
  const resource = new Resource(pattern);
  if (effect === "handlers" || effect === "both") {
    const reply = (what: string) => () => respond({ "x-by": encodeURIComponent(path) }, `${what} ${path}`);
    resource.setHandlerFor(_get.to(reply("GET")), _post.to(reply("POST")));
  }
  if (effect === "layer" || effect === "both") {
    const mark = async (...[, next]: Parameters<Parameters<typeof around>[0]>) => {
      const response = await next();
      response.headers.append("x-layers", encodeURIComponent(path));
      return response;
    };
    resource.addLayerTo(_requestReceiver(around(mark)));
  }
  return resource;
}

function treeOf(all: readonly Piece[]): Resource {
  const root = new Resource("/");
  for (const piece of all) {
    root.addSubresource(makePiece(piece));
  }
  return root;
}

function sorted(node: NodeDescription): NodeDescription {
  const children = node.children.map(sorted).sort((one, other) => (one.path < other.path ? -1 : 1));
  return { ...node, children };
}

test("resources with full paths make the same tree in whatever order they are added", async () => {
  const targets = fc.array(fc.array(fc.constantFrom(...SAMPLES), { minLength: 1, maxLength: 4 }), {
    maxLength: 6,
  });
  const orders = pieces.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
  );
  await fc.assert(
    fc.asyncProperty(orders, targets, async ([all, shuffled], requests) => {
      const [one, other] = [treeOf(all), treeOf(shuffled)];
      expect(sorted(other.describe())).toEqual(sorted(one.describe()));
      const services = [one.intoService(), other.intoService()];
      for (const [index, segments] of requests.entries()) {
        const target = `/${segments.join("/")}${index % 2 === 0 ? "" : "/"}`;
        const [first, second] = await Promise.all(services.map((service) => seen(service.request(target))));
        expect([target, second]).toEqual([target, first]);
      }
    }),
    { numRuns: 200 },
  );
});

async function seen(pending: Promise<Response>): Promise<readonly unknown[]> {
  const { status, headers } = await pending;
  return [status, headers.get("x-by"), headers.get("x-layers"), headers.get("location")];
}

interface Addition {
  /** Which piece of the tree it runs into, and at which of its segments it begins. */
  readonly victim: number;
  readonly cut: number;
  readonly config: string;
  readonly clash: "none" | "handler" | "symbols" | "name" | "wildcard";
  readonly way: (typeof WAYS)[number];
}

const WAYS = [
  "from the root",
  "from the root",
  "below the first",
  "below the victim",
  "by path",
  "a root",
] as const;

const additions: fc.Arbitrary<Addition> = fc.record({
  victim: fc.nat(20),
  cut: fc.nat(2),
  config: fc.constantFrom(...CONFIGS),
  clash: fc.constantFrom("none", "handler", "handler", "symbols", "name", "wildcard"),
  way: fc.constantFrom(...WAYS),
});

/** A resource with a path as that of a piece, a new child, and further in what may clash with the piece. */
function makeAddition({ cut, config, clash, way }: Addition, victim: Piece): Resource | null {
  if (way === "below the victim") {
    const loose = new Resource("/loose");
    loose.subresource("/fresh");
    loose.subresource(clash === "name" ? "/x/{l0:x}" : "/x/{n0:x}").setHandlerFor(_get.to(() => ""));
    return loose;
  }
  const segments = victim.path.split("/").slice(1);
  const depth = Math.min(cut + 1, segments.length);
  const addition = new Resource(`/${segments.slice(0, depth).join("/")}${config}`);
  const rest = segments
    .slice(depth)
    .map((segment) => `/${segment}`)
    .join("");
  const isRefused = ignoreRefusal(() => {
    addition.subresource("/fresh").setHandlerFor(_get.to(() => "fresh"));
    const end = rest === "" ? addition : addition.subresource(rest);
    if (clash === "handler") {
      end.setHandlerFor(_get.to(() => ""));
    } else if (clash === "symbols") {
      end.subresource("/a/ !").setHandlerFor(_post.to(() => ""));
    } else if (clash !== "none") {
      end.subresource(clash === "name" ? "/{l0:x}" : "/{other}").setHandlerFor(_get.to(() => ""));
    }
  });
  return isRefused ? null : addition;
}

function attempt(root: Resource, addition: Resource, { way, config }: Addition, { path }: Piece): unknown {
  switch (way) {
    case "from the root":
      return root.addSubresource(addition);
    case "below the first":
      return root.subresource("/a").addSubresource(addition);
    case "below the victim":
      return root.subresource(path).addSubresource(addition);
    case "by path":
      return root.subresource(path + config);
    case "a root":
      return root.addSubresourceUnder("/a", new Resource("/"));
  }
}

test("a refused addition leaves the tree as it was, and what was to be added", () => {
  const refused = new Map<string, number>();
  fc.assert(
    fc.property(pieces, additions, (all, plan) => {
      const root = treeOf(all);
      root.subresource("/a");
      const victim = all[plan.victim % all.length] as Piece;
      const addition = makeAddition(plan, victim);
      if (addition === null) {
        return;
      }
      ignoreRefusal(() => root.subresource(victim.path + (plan.clash === "wildcard" ? "/{mine}" : "")));
      const before = [root.describe(), addition.describe(), addition.path];
      const code = refusalOf(() => attempt(root, addition, plan, victim));
      if (code !== null) {
        refused.set(code, (refused.get(code) ?? 0) + 1);
        expect([root.describe(), addition.describe(), addition.path]).toEqual(before);
      }
    }),
    { numRuns: 800 },
  );
  for (const code of [
    "CONFLICTING_RESOURCES",
    "MISMATCHING_SYMBOLS",
    "DUPLICATE_CAPTURE_NAME",
    "SECOND_WILDCARD",
  ]) {
    expect([code, refused.get(`ARGANIA_${code}`) ?? 0]).toEqual([
      code,
      expect.toSatisfy((count) => count >= 3),
    ]);
  }
});

function ignoreRefusal(act: () => unknown): boolean {
  return refusalOf(act) !== null;
}

/** The code of the error with which a definition was refused; `null` when it was not. */
function refusalOf(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(DefinitionError);
    return (error as { code: string }).code;
  }
}
