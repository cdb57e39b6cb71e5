// Bar charts as SVG text. One panel a group, one bar a contender; Argania's bars stand out.

const WIDTH = 760;
const LABEL_WIDTH = 170;
const BAR_HEIGHT = 16;
const ROW = 21;
const HEADING = 34;

const escaped = (text) => String(text).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** `panels` is a list of `{ title, bars: [{ label, value, text }] }`; bars without a value are left empty. */
export function barChart(title, panels) {
  const body = [];
  let y = 44;
  for (const panel of panels) {
    body.push(`<text x="12" y="${y}" class="panel">${escaped(panel.title)}</text>`);
    y += 10;
    const most = Math.max(...panel.bars.map(({ value }) => value ?? 0));
    for (const bar of panel.bars) {
      body.push(barOf(bar, y, most));
      y += ROW;
    }
    y += HEADING;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}">
<style>text{font:12px system-ui,sans-serif;fill:#222}.title{font-size:16px;font-weight:600}.panel{font-weight:600}
.end{text-anchor:end}rect{fill:#9aa7b4}rect.own{fill:#c7711a}</style>
<rect width="100%" height="100%" style="fill:#fff"/>
<text x="12" y="24" class="title">${escaped(title)}</text>
${body.join("\n")}
</svg>
`;
}

function barOf({ label, value, text }, y, most) {
  const width = most > 0 ? Math.max(1, ((value ?? 0) / most) * (WIDTH - LABEL_WIDTH - 160)) : 1;
  const own = label.startsWith("argania") ? ' class="own"' : "";
  const baseline = y + 12;
  return [
    `<text x="${LABEL_WIDTH - 8}" y="${baseline}" class="end">${escaped(label)}</text>`,
    value === null
      ? ""
      : `<rect${own} x="${LABEL_WIDTH}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}"/>`,
    `<text x="${(LABEL_WIDTH + (value === null ? 0 : width) + 6).toFixed(1)}" y="${baseline}">${escaped(text)}</text>`,
  ].join("");
}
