import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { barChart } from "./bar-chart.mjs";
import { resultName, results } from "./paths.mjs";
import { onlyContenders, onlyParts } from "./settings.mjs";

/**
 * Writes a suite's tables as JSON, Markdown and SVG, and gives the Markdown for the console.
 *
 * `tables` is a list of `{ title, head, rows, notes? }` of text; every row that was measured is in them, those that we
 * lose, too.
 */
export function writeReport(suite, { title, host, tables, panels, data, notes = [] }) {
  mkdirSync(results, { recursive: true });
  const name = resultName ?? suite;
  const part = partOf(suite);
  const markdown = [
    `# ${title}`,
    "",
    hostLine(host),
    "",
    ...(part === null ? [] : [part, ""]),
    ...notes.flatMap((note) => [note, ""]),
    ...tables.flatMap((table) => [`## ${table.title}`, "", ...markdownTable(table), ""]),
  ].join("\n");
  writeFileSync(
    join(results, `${name}.json`),
    `${JSON.stringify({ name, suite, host, ...data }, null, 1)}\n`,
  );
  writeFileSync(join(results, `${name}.md`), markdown);
  writeFileSync(join(results, `${name}.svg`), barChart(title, panels));
  return markdown;
}

/** What a result that is only a part of its suite was made with. */
function partOf(suite) {
  const made = [
    ["BENCH_ONLY", onlyParts],
    ["BENCH_CONTENDERS", onlyContenders],
  ].filter(([, list]) => list !== null);
  if (made.length === 0) return null;
  return `A part of \`${suite}\`: ${made.map(([name, list]) => `\`${name}=${list.join(",")}\``).join(", ")}.`;
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
