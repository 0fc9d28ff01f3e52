/** The look of a report, in light and dark. Colours of series are told apart by colour-blind eyes too. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #f6f6f4; --card: #ffffff; --ink: #1d1e22; --soft: #62656e; --rule: #e2e2de; --good: #17764c; --bad: #b3261e;
  --series-0: #2a62c9; --series-1: #c4610a; --series-2: #7c8088; --series-3: #8a3ba8; --series-4: #1f7f74; --series-5: #b52a5b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #131417; --card: #1b1d21; --ink: #e9e9ec; --soft: #9b9fa9; --rule: #2e3137; --good: #5fd19c; --bad: #ff8f85;
    --series-0: #7fabff; --series-1: #f3a04d; --series-2: #9a9ea8; --series-3: #d191ec; --series-4: #5ecabb; --series-5: #f57fa6;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { margin: 0; font-size: 28px; line-height: 1.2; letter-spacing: -0.01em; }
h2 { margin: 40px 0 12px; font-size: 18px; }
h3 { margin: 0 0 2px; font-size: 15px; }
p { margin: 4px 0; }
.soft { color: var(--soft); }
code { font: 13px/1.6 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.command { margin-top: 12px; padding: 10px 14px; border: 1px solid var(--rule); border-radius: 8px; background: var(--card); }
.command span { display: inline-block; max-width: 100%; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 24px 0 0; }
.figures div, .card { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 14px 16px; }
.figures dt { color: var(--soft); font-size: 13px; }
.figures dd { margin: 0; font-size: 24px; font-weight: 600; letter-spacing: -0.01em; font-variant-numeric: tabular-nums; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 420px), 1fr)); gap: 16px; }
.grid .card { margin: 0; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 4px 0 8px; padding: 0; list-style: none; color: var(--soft); font-size: 13px; }
.legend svg { width: 22px; height: 10px; margin-right: 6px; vertical-align: middle; }
svg.chart { display: block; width: 100%; height: auto; }
.chart text { fill: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
.chart .gridline { stroke: var(--rule); }
.chart .reference { stroke: var(--soft); stroke-dasharray: 2 4; }
.series { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.digits { display: grid; grid-template-columns: repeat(5, minmax(0, 96px)); gap: 10px; }
.digits figure { margin: 0; text-align: center; font-variant-numeric: tabular-nums; }
.digits img { display: block; width: 100%; border-radius: 6px; border: 2px solid transparent; image-rendering: pixelated; }
.digits .wrong img { border-color: var(--bad); }
.digits figcaption { font-size: 13px; }
.right figcaption { color: var(--good); }
.wrong figcaption { color: var(--bad); font-weight: 600; }
table { width: 100%; border-collapse: collapse; font-size: 13.5px; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 12px 4px 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; font-weight: 400; }
tr:last-child > * { border-bottom: 0; }
.numbers { overflow-x: auto; }
.numbers th, .numbers td { text-align: right; white-space: nowrap; }
.changed > * { font-weight: 600; }
summary { cursor: pointer; color: var(--soft); }
@media print { body { background: none; } .card, .figures div { break-inside: avoid; } }
`;
