import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const ROOT = new URL("../../", import.meta.url);

const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...markdownIn("docs"),
  ...markdownIn("decisions"),
  ...markdownIn("examples"),
];

function markdownIn(folder: string): string[] {
  return readdirSync(new URL(`${folder}/`, ROOT), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && !/(?:^|[\\/])(?:node_modules|\.build)[\\/]/.test(name))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`);
}

/** Code holds brackets and `#` of its own, and comments are shown to nobody. */
function proseOf(markdown: string): string {
  return markdown.replace(/<!--[\s\S]*?-->/g, "").replace(/^( *)(`{3,})[\s\S]*?^\1\2$/gm, "");
}

function linksIn(markdown: string): string[] {
  const prose = proseOf(markdown).replace(/`[^`\n]*`/g, "");
  const inline = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)/g)];
  const references = [...prose.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)];
  return [...inline, ...references].map(([, target]) => target as string);
}

/** As GitHub makes them of headings. */
function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  const counts = new Map<string, number>();
  for (const [, heading = ""] of proseOf(markdown).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = text.replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "").replaceAll(" ", "-");
    const count = counts.get(anchor) ?? 0;
    counts.set(anchor, count + 1);
    anchors.add(count === 0 ? anchor : `${anchor}-${count}`);
  }
  return anchors;
}

function problemWith(link: string, document: string): string | null {
  if (/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(link)) {
    return null;
  }
  const target = new URL(link, new URL(document, ROOT));
  const anchor = decodeURIComponent(target.hash.slice(1));
  target.hash = "";
  if (!existsSync(target)) {
    return `${link}: there is no such file`;
  }
  const isWrong =
    anchor !== "" && target.pathname.endsWith(".md") && !anchorsOf(readFileSync(target, "utf8")).has(anchor);
  return isWrong ? `${link}: there is no such heading` : null;
}

test.each(documents)("all links of %s lead somewhere", (document) => {
  const links = linksIn(readFileSync(new URL(document, ROOT), "utf8"));
  expect(links.map((link) => problemWith(link, document)).filter((problem) => problem !== null)).toEqual([]);
});

test("links are found, and those that lead nowhere", () => {
  const text = "[a](b.md#c) `[x](y)`\n```md\n[no](no.md)\n# none\n```\n<!-- [no](no) -->\n[d]: e.md\n";
  expect(linksIn(text)).toEqual(["b.md#c", "e.md"]);
  expect([...anchorsOf("# A `b()` & c\n```sh\n# none\n```\n## [D_e](f)\n## D_e\n")]).toEqual([
    "a-b--c",
    "d_e",
    "d_e-1",
  ]);
  expect(problemWith("README.md#nowhere", "README.md")).toMatch(/no such heading/);
  expect(problemWith("#nowhere", "docs/files.md")).toMatch(/no such heading/);
  expect(problemWith("nowhere.md", "docs/files.md")).toMatch(/no such file/);
  expect(problemWith("../README.md#layers", "docs/files.md")).toBeNull();
});
