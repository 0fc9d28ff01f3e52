import type { ReportedRun, ReportedSetting } from "@bioflax/report";
import { recordOf, summaryOf } from "./records";

/** Two settings, one of which runs are named after. */
export const settings: readonly ReportedSetting[] = [
  {
    key: "mode",
    flag: "mode",
    group: "Network",
    default: "fa",
    decides: true,
    naming: { rank: 1, alone: true },
  },
  { key: "seed", flag: "seed", group: "Training", default: 0, decides: false },
];

/** A run on three pictures, of which the second is taken for the wrong class. */
export function runOf(mode: string, seed = 0): ReportedRun {
  return {
    path: `runs/${mode}-${seed}`,
    config: { mode, seed },
    records: [1, 2].map((epoch) => recordOf(epoch, seed / 10)),
    summary: summaryOf(2),
    about: {
      dataset: "blocks",
      task: "classification",
      seed,
      epochs: 2,
      engine: "compiled",
      rules: mode.toUpperCase(),
      papers: "Somebody 2016",
      network: "Network 4-2",
      layers: [{ type: "dense", units: 2 }],
    },
    predictions: {
      dataset: {
        task: "classification",
        outputs: 2,
        targets: [0, 0, 1],
        pictureOf: (row) => `data:image/png;base64,${row}`,
      },
      outputs: Float32Array.of(1, 0, 0, 1, 0, 1),
    },
  };
}
