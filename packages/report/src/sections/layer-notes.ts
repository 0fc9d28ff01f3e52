import { hasKernel, kernelSize } from "@bioflax/core";
import type { ReportedRun } from "../reported-run";

/**
 * Says what a layer is, `dense 500, tanh`, by its name in `metrics.jsonl`.
 *
 * Nothing where runs differ in it, or where the layers are not known.
 */
export function layerNotes(runs: readonly ReportedRun[]): (layer: string) => string | undefined {
  const notes = runs.map(notesOf);
  return (layer) => {
    const different = new Set(notes.map((one) => one.get(layer)));
    return different.size === 1 ? [...different][0] : undefined;
  };
}

function notesOf({ about: { layers } }: ReportedRun): Map<string, string> {
  if (layers === undefined) return new Map();
  return new Map([
    ["inputFeedback", "to the data"],
    ...layers.flatMap((layer, index): [string, string][] => {
      if (!hasKernel(layer)) return [];
      const { type, activation = "identity" } = layer;
      const size = kernelSize(layer) ?? "";
      const how = index === layers.length - 1 ? "output" : activation;
      return [
        [
          `layers.${index}`,
          `${`${type} ${size}`.trimEnd()}${how === "identity" ? "" : `, ${how}`}`,
        ],
      ];
    }),
  ]);
}
