import { Graphviz } from "@hpcc-js/wasm-graphviz";

const graphviz = await Graphviz.load();

/**
 * A flowchart of Mermaid's, which GitHub draws, as SVG: of its language the arrows alone, `a --> b`. Its look is the
 * style sheet's.
 */
export function diagram(chart: string): string {
  const [head, ...lines] = chart.trim().split("\n");
  if (head !== "flowchart TD") throw new Error(`A chart is no flowchart TD: ${head}`);
  const edges = lines.map((line) => {
    const [, from, to] = /^\s*([\w-]+) --> ([\w-]+)$/.exec(line) ?? [];
    if (from === undefined) throw new Error(`No arrow of a chart: ${line}`);
    return `"${from}" -> "${to}";`;
  });
  const svg = graphviz.dot(
    `digraph { bgcolor=transparent; ranksep=0.35; nodesep=0.3;
      node [shape=box, style="rounded", fontname="Helvetica", fontsize=13, height=0.36, margin="0.16,0.05"];
      edge [arrowsize=0.7]; ${edges.join("\n")} }`,
  );
  return svg.slice(svg.indexOf("<svg")).replace(/<title>.*?<\/title>/g, "");
}
