import { readFileSync } from "node:fs";

/** A `ts` block of a Markdown file, made into a module. */
export interface ReadmeBlock {
  /** The line of its fence, counted from 1. */
  readonly line: number;
  readonly source: string;
  readonly isRun: boolean;
}

/**
 * The `ts` blocks of a Markdown file. HTML comments right before a block, which no reader sees, say what to do with it:
 *
 * - `<!-- before` and `<!-- after` on lines of their own, then code up to `-->`: runs before or after the block.
 * - `<!-- types only -->`: the block is type-checked, not run.
 *
 * What a block uses of Argania without importing it is imported for it, and so is `assert`.
 */
export function readmeBlocks(file: URL): readonly ReadmeBlock[] {
  const markdown = readFileSync(file, "utf8");
  return [...markdown.matchAll(BLOCK)].map(({ index, groups }) => {
    const { comments = "", code = "" } = groups as { comments?: string; code?: string };
    const source = `${codeIn(comments, "before")}\n${servable(code)}\n${codeIn(comments, "after")}`;
    return {
      line: markdown.slice(0, index).split("\n").length + comments.split("\n").length - 1,
      source: `${importsFor(source)}${source}\nexport {};\n`,
      isRun: !comments.includes("<!-- types only -->"),
    };
  });
}

const BLOCK = /(?<comments>(?:<!--(?:(?!-->)[\s\S])*-->\n)*)```ts\n(?<code>[\s\S]*?)\n```/g;

function codeIn(comments: string, place: "before" | "after"): string {
  return new RegExp(`<!-- ${place}\\n([\\s\\S]*?)-->`).exec(comments)?.[1] ?? "";
}

/** Tests take any free port, and must be able to close the server. */
function servable(code: string): string {
  return code
    .replaceAll("127.0.0.1:8080", "127.0.0.1:0")
    .replace(/^await new Server\(/m, "const server = $&");
}

function importsFor(source: string): string {
  const code = source.replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
  const isUsed = (name: string) => new RegExp(`(?<![\\w.])${name}\\b`).test(code);
  const names = code.includes('from ""') && /from "argania"/.test(source) ? [] : exportedNames();
  const used = names.filter(
    ({ name }) => isUsed(name) && !new RegExp(`(?:const|class) ${name}\\b`).test(code),
  );
  const list = used.map(({ name, isType }) => (isType ? `type ${name}` : name)).join(", ");
  return `import assert from "node:assert/strict";\n${list === "" ? "" : `import { ${list} } from "argania";\n`}`;
}

let cached: readonly { readonly name: string; readonly isType: boolean }[] | undefined;

/** The names in the export lists of `src/index.ts`. */
function exportedNames(): NonNullable<typeof cached> {
  const index = readFileSync(new URL("../../src/index.ts", import.meta.url), "utf8");
  cached ??= [...index.matchAll(/export (?<all>type )?\{(?<list>[^}]*)\}/g)].flatMap(({ groups }) =>
    (groups?.list ?? "")
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== "")
      .map((item) => ({
        name: item.replace(/^type /, "").replace(/^.* as /, ""),
        isType: groups?.all !== undefined || item.startsWith("type "),
      })),
  );
  return cached;
}
