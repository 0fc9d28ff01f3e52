import type { Graph } from "./passes/pass";
import { showGraph } from "./show-graph";

const WIDTH = 4;

/**
 * Writes a graph to the folder that `BIOFLAX_DUMP_GRAPH` names, where it names one: `<number>-<graph>-<after>.txt`,
 * numbered on from what is there, so that files of one graph follow each other and the last of a kind is the one that
 * ran.
 *
 * @param after what has just been done to it: `traced`, or a pass.
 */
export function dumpGraph(graph: Graph, after: string): void {
  // Looked up rather than imported: a browser has neither.
  const node = (globalThis as { process?: typeof process }).process;
  const folder = node?.env.BIOFLAX_DUMP_GRAPH;
  if (node === undefined || folder === undefined || folder === "") return;
  const { mkdirSync, readdirSync, writeFileSync } = node.getBuiltinModule("node:fs");
  mkdirSync(folder, { recursive: true });
  const numbers = readdirSync(folder).map((file) => Number.parseInt(file, 10) || 0);
  const number = String(Math.max(0, ...numbers) + 1).padStart(WIDTH, "0");
  writeFileSync(`${folder}/${number}-${graph.name}-${after}.txt`, showGraph(graph));
}
