import { readFileSync } from "node:fs";
import { _get, Resource } from "argania";
import { expect, it } from "vitest";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const ROW = /^\| `(?<pattern>\/x\/?(?: [!?*]+)?)` \|(?<cells>.*)\|$/gm;
const rows = [...readme.matchAll(ROW)].map(({ groups }) => ({
  pattern: groups?.pattern as string,
  expected: (groups?.cells ?? "").split("|").map((cell) => cell.trim()),
}));

it("has every combination of a slash and the symbols", () => {
  const symbols = ["", " !", " ?", " *", " !*", " ?*"];
  const all = symbols.flatMap((symbol) => [`/x${symbol}`, `/x/${symbol}`]);
  expect(rows.map(({ pattern }) => pattern).sort()).toEqual(all.sort());
});

it.each(rows)("$pattern does what the README says", async ({ pattern, expected }) => {
  const resource = new Resource(pattern);
  resource.setHandlerFor(_get.to((context) => `rest: ${context.subtreePath}`));
  const service = resource.intoService();
  const own = pattern.split(" ")[0] as string;

  const outcomes = ["/x", "/x/", "/x/unknown"].map(async (path) => {
    const response = await service.request(path);
    const text = await response.text();
    if (response.status === 308) return `308 to \`${response.headers.get("location")}\``;
    if (response.status !== 200) return String(response.status);
    return text === "rest: " ? "handled" : `handled by \`${own}\``;
  });
  expect(await Promise.all(outcomes)).toEqual(expected);
});
