/** Colours of series: they differ in lightness, for colour-blind eyes and grey paper. */
export const seriesColours = {
  light:
    "--series-0: #2b6cf0; --series-1: #d1770c; --series-2: #0b5d46; --series-3: #c2318f; --series-4: #5d1a80; --series-5: #7f8794;",
  dark: "--series-0: #5a97ff; --series-1: #eda03a; --series-2: #7af0d8; --series-3: #d273b3; --series-4: #b9b4f2; --series-5: #f0ec70;",
};

const light = `
  --page: #f7f7f5; --card: #ffffff; --ink: #1c1d21; --soft: #5c5f68; --rule: #e3e3de; --good: #0f6b45; --bad: #b3261e; --warn: #fff6dd; --warn-rule: #e3c66a;
  ${seriesColours.light}
  --hit: #2b6cf0; --miss: #e0691c; --on-hit: #ffffff; --on-miss: #1c1d21;`;

const dark = `
  --page: #121316; --card: #1a1c20; --ink: #e9e9ec; --soft: #a0a4ae; --rule: #2f3238; --good: #62d3a0; --bad: #ff9187; --warn: #2b2615; --warn-rule: #6b5b22;
  ${seriesColours.dark}
  --hit: #2f6be0; --miss: #f08a3c; --on-hit: #ffffff; --on-miss: #0d0e10;`;

/** The look of a chart, on a page that has the colours `--ink`, `--soft`, `--rule` and those of series. */
export const chartStyle = `
svg.chart { display: block; max-width: 100%; height: auto; margin-top: 4px; touch-action: pan-y; }
svg text { fill: var(--soft); font-size: 11.5px; font-variant-numeric: tabular-nums; }
.chart .name { fill: var(--ink); font-size: 12px; }
.gridline { stroke: var(--rule); fill: none; }
.reference { stroke: var(--soft); stroke-dasharray: 2 4; fill: none; }
.rule { stroke: var(--soft); fill: none; }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.band { fill-opacity: 0.15; stroke-width: 1.5; stroke-opacity: 0.2; stroke-linejoin: round; }
.leader { fill: none; stroke-width: 1; opacity: 0.7; }
.interval { fill: none; stroke-width: 6; stroke-opacity: 0.22; stroke-linecap: round; }
.mean { stroke-width: 2; }
.chart .dot { fill-opacity: 0.75; }
`;

/** The look of a report, in light and dark. */
export const style = `
:root { color-scheme: light dark; ${light} }
@media screen and (prefers-color-scheme: dark) { :root:not(.paper) { ${dark} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 40px 24px 48px; }
h1 { margin: 0; font-size: 28px; line-height: 1.2; letter-spacing: -0.01em; text-wrap: balance; }
h2 { margin: 48px 0 0; padding-top: 20px; border-top: 1px solid var(--rule); font-size: 23px; }
h3 { margin: 36px 0 6px; font-size: 18px; }
h4 { margin: 0 0 2px; font-size: 14px; font-weight: 600; }
h4 small { font-weight: 400; font-size: 12.5px; }
p { margin: 4px 0; }
section > p.soft { margin-bottom: 10px; max-width: 80ch; }
.soft { color: var(--soft); }
figcaption p.soft { font-size: 13px; }
code { font: 0.9em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.command { margin: 12px 0; padding: 10px 14px; border: 1px solid var(--rule); border-radius: 8px; background: var(--card); }
.command span { display: inline-block; max-width: 100%; }
.card, .figures div { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 14px 16px; }
figure.card { margin: 0; }
.notices { margin: 20px 0 0; padding: 10px 16px 10px 34px; border: 1px solid var(--warn-rule); border-radius: 8px; background: var(--warn); overflow-wrap: anywhere; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 12px; margin: 20px 0 0; }
.figures dt { color: var(--soft); font-size: 13px; }
.figures dd { margin: 0; font-size: 22px; font-weight: 600; letter-spacing: -0.01em; font-variant-numeric: tabular-nums; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, min(100%, 388px)); gap: 14px; }
.grid.large { grid-template-columns: repeat(auto-fill, min(100%, 589px)); }
.panels-of { margin-top: 18px; }
.panels-of > p { margin-bottom: 8px; font-size: 13px; }
.panels { display: grid; grid-template-columns: repeat(auto-fill, min(100%, var(--panel))); gap: 10px; }
.panels .card { padding: 10px 10px 6px; }
@media (min-width: 1240px) { .panels.aligned { grid-template-columns: repeat(var(--columns), var(--panel)); } .aligned > * { grid-column: var(--column); } }
.halves { display: grid; grid-template-columns: repeat(auto-fill, min(100%, 589px)); gap: 14px; }
.legend { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 28px -16px -20px; padding: 9px 16px; border: 0; border-bottom: 1px solid var(--rule); background: var(--page); }
.legend label { display: flex; align-items: center; gap: 7px; font-weight: 600; cursor: pointer; }
.legend input { margin: 0; accent-color: var(--soft); }
.legend label:has(input:not(:checked)) { color: var(--soft); font-weight: 400; }
.legend > .soft { margin-left: auto; font-size: 13px; }
.legend small { font-weight: 400; }
.key span { margin-left: 14px; white-space: nowrap; color: var(--ink); }
.key .mark { margin-right: 6px; }
.card { position: relative; }
.save { display: flex; gap: 2px; margin: 4px 0 0 8px; }
.save button { padding: 2px 7px; border: 0; border-radius: 5px; background: none; color: var(--soft); font: inherit; font-size: 12px; cursor: pointer; }
.save button:hover { background: var(--rule); color: var(--ink); }
figure .save { position: absolute; top: 8px; right: 8px; margin: 0; border-radius: 6px; background: var(--card); opacity: 0; }
figure:hover .save, .save:focus-within { opacity: 1; }
.mark { width: 26px; height: 10px; flex: none; vertical-align: middle; }
th .mark, h4 .mark { margin-right: 8px; }
${chartStyle}
.panels .line { stroke-width: 1.8; }
.dots { fill: none; stroke-width: 3.2; stroke-linecap: round; stroke-opacity: 0.45; }
.targets { stroke: var(--soft); stroke-width: 6; stroke-opacity: 0.4; }
.targets ~ .line { stroke-width: 1.5; }
.readout { position: fixed; z-index: 2; visibility: hidden; padding: 6px 10px; border: 1px solid var(--rule); border-radius: 7px; background: var(--card); box-shadow: 0 3px 14px rgb(0 0 0 / 0.18); font-size: 13px; font-variant-numeric: tabular-nums; pointer-events: none; white-space: nowrap; }
.readout.shown { visibility: visible; }
.readout div { display: flex; align-items: center; gap: 7px; }
.readout i { width: 9px; height: 9px; border-radius: 50%; }
.readout span { margin-left: auto; padding-left: 12px; font-weight: 600; }
.matrices { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 270px), 1fr)); gap: 12px; }
.matrices:has(> :only-child) { grid-template-columns: minmax(0, 480px); }
.matrices .card { max-width: 520px; padding: 12px; }
.matrices.named .card { max-width: none; }
.matrices.named { grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr)); }
.matrix { table-layout: fixed; margin-top: 8px; font-size: 11.5px; border-spacing: 1px; border-collapse: separate; }
.matrix th, .matrix td { padding: 0; border: 0; text-align: center; vertical-align: middle; color: var(--soft); }
.matrix tbody td { height: 27px; border-radius: 3px; color: var(--ink); background: color-mix(in srgb, var(--hue) var(--v), var(--card)); }
.matrix .hit { --hue: var(--hit); }
.matrix .miss { --hue: var(--miss); }
.matrix .hit.strong { color: var(--on-hit); }
.matrix .miss.strong { color: var(--on-miss); }
.matrix.named th[scope="row"], .matrix.named thead td { width: 84px; text-align: right; padding-right: 6px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.matrix.named thead th { height: 76px; vertical-align: bottom; }
.matrices.many { grid-template-columns: minmax(0, 1fr); }
.matrices.many .card { max-width: none; overflow-x: auto; }
.matrix.many { font-size: 8.5px; min-width: 640px; }
.matrix.many tbody td { height: 11px; }
.matrix.named thead span { writing-mode: vertical-rl; transform: rotate(180deg); }
.images { display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 12px 10px; margin-top: 10px; }
.images figure { margin: 0; text-align: center; font-variant-numeric: tabular-nums; }
.images img { display: block; width: 100%; height: auto; border-radius: 6px; border: 2px solid var(--rule); image-rendering: pixelated; }
.images .wrong img { border-color: var(--bad); }
.images figcaption { margin-top: 2px; font-size: 12.5px; line-height: 1.35; }
.right figcaption { color: var(--good); }
.wrong figcaption { color: var(--bad); font-weight: 600; }
.wrong .soft { font-weight: 400; }
table { width: 100%; border-collapse: collapse; font-size: 13.5px; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 16px 6px 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: middle; font-weight: 400; }
tbody tr:last-child > * { border-bottom: 0; }
.wide { overflow-x: auto; }
.wide th, .wide td { white-space: nowrap; padding-right: 11px; }
thead th { color: var(--soft); font-size: 12.5px; }
.fit { width: fit-content; max-width: 100%; }
.results tbody th, .differences tbody th { font-weight: 600; }
.results .main { font-weight: 600; }
.results .strip { width: 178px; min-width: 150px; padding-top: 0; padding-bottom: 0; }
.strip svg { display: block; width: 170px; height: 20px; }
.strip circle { fill-opacity: 0.75; }
.numbers th, .numbers td { text-align: right; }
.changed > * { font-weight: 600; }
details.card { margin-top: 8px; padding: 0 16px; }
details.card[open] { padding-bottom: 14px; }
summary { padding: 10px 0; cursor: pointer; }
.grid > div > h4 { margin-top: 10px; }
footer { margin-top: 40px; font-size: 13px; }
:focus-visible { outline: 2px solid var(--series-0); outline-offset: 2px; }
@media (max-width: 520px) { main { padding: 24px 14px 32px; } .card { padding: 12px; } .images { gap: 8px 6px; } .legend { margin-left: -14px; margin-right: -14px; } .legend > .soft { margin-left: 0; } figure.card { overflow-x: auto; } .large svg.chart, .halves svg.chart { max-width: none; } }
@media (hover: none) { figure .save { position: static; opacity: 1; } }
@media print {
  @page { margin: 14mm; }
  body { background: none; font-size: 12px; }
  main { max-width: none; padding: 0; }
  .legend { position: static; margin: 20px 0 -12px; padding: 6px 0; background: none; }
  .legend input { display: none; }
  .card, .figures div, .images figure { break-inside: avoid; }
  details.card { break-inside: auto; }
  h3, h4, section > p { break-after: avoid; break-inside: avoid; }
  .images figcaption { font-size: 10px; }
  .wide { overflow: visible; }
  .wide table { font-size: 9px; }
  .wide th, .wide td { padding-right: 5px; white-space: normal; }
  .wide thead th { font-size: 8.5px; }
  .wide .main, .wide tbody th { white-space: nowrap; }
  .results .strip { width: 76px; min-width: 0; }
  .strip svg { width: 70px; }
  td.hit, td.miss { print-color-adjust: exact; }
  .readout, .save { display: none; }
  .grid, .grid.large, .matrices, .matrices.named, .halves { grid-template-columns: repeat(2, 1fr); }
  .matrices.many { grid-template-columns: 1fr; }
  .panels { grid-template-columns: repeat(3, 1fr); }
}
`;

/**
 * What makes the switches of a legend work: an unchecked one hides all that is of its slot, in its part of the page.
 */
export function switches(count: number): string {
  return Array.from(
    { length: count },
    (_, slot) =>
      `.part:has(.legend input[data-slot="${slot}"]:not(:checked)) :is(.chart, .matrices, .grid) .s${slot} { display: none; }\n`,
  ).join("");
}
