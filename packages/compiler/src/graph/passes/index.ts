import { dropDeadNodes } from "./drop-dead-nodes";
import { fuseActivations } from "./fuse-activations";
import { fuseLogSoftmax } from "./fuse-log-softmax";
import { hoistReshapes } from "./hoist-reshapes";
import type { Graph, Pass } from "./pass";
import { splitSums } from "./split-sums";

/** What every traced graph goes through, in this order; loops' bodies before the graphs they are in. */
export const passes: readonly Pass[] = [
  fuseLogSoftmax,
  dropDeadNodes,
  splitSums,
  fuseActivations,
  hoistReshapes,
];

/**
 * Applies passes one after another.
 *
 * @param watch is shown the graph as it was traced, and after each pass.
 */
export function applyPasses(traced: Graph, watch: (graph: Graph, after: string) => void): Graph {
  watch(traced, "traced");
  let graph = traced;
  for (const { name, apply } of passes) {
    graph = { ...graph, nodes: apply(graph) };
    watch(graph, name);
  }
  return graph;
}
