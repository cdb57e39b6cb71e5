import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { barChart } from "./bar-chart.mjs";
import { results } from "./paths.mjs";

/**
 * Writes a suite's tables as JSON, Markdown and SVG, and gives the Markdown for the console.
 *
 * `tables` is a list of `{ title, head, rows, notes? }` of text; every row that was measured is in them, those that we
 * lose, too.
 */
export function writeReport(name, { title, host, tables, panels, data, notes = [] }) {
  mkdirSync(results, { recursive: true });
  const markdown = [
    `# ${title}`,
    "",
    hostLine(host),
    "",
    ...notes.flatMap((note) => [note, ""]),
    ...tables.flatMap((table) => [`## ${table.title}`, "", ...markdownTable(table), ""]),
  ].join("\n");
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify({ name, host, ...data }, null, 1)}\n`);
  writeFileSync(join(results, `${name}.md`), markdown);
  writeFileSync(join(results, `${name}.svg`), barChart(title, panels));
  return markdown;
}

function hostLine(host) {
  const packages = Object.entries(host.packages).map(([name, version]) => `${name} ${version}`);
  return [
    `${host.date}, Node ${host.node}, ${host.cpu}; ${host.rounds} rounds. Medians, with quartiles in brackets.`,
    "",
    packages.join(", "),
  ].join("\n");
}

function markdownTable({ head, rows, notes = [] }) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [line(head), line(rule), ...rows.map(line), ...notes.flatMap((note) => ["", note])];
}
