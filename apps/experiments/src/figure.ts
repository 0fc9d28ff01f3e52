import { type Html, style } from "@bioflax/report";

/** A chart of the report's as a picture of its own, in the report's colours, light or dark as the viewer is set. */
export function figureOf(chart: Html): string {
  const [drawing] = /<svg.*<\/svg>/s.exec(chart.text) as RegExpExecArray;
  return `${drawing
    // What the pointer reads on a page, by a script of the page's.
    .replace(/ data-readout="[^"]*"/, "")
    .replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"')
    .replace(">", `><style>${style} text { font-family: system-ui, sans-serif }</style>`)}\n`;
}
