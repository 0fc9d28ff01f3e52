// Trains the networks of a run beside TensorFlow.js, in a thread of its own: loaded when it is asked for.
import plain from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simd from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import { SAME, type Settings } from "../settings/settings";
import { datasetOf, type Given } from "../training/dataset";
import { experimentOf } from "../training/experiment";
import { type Contender, compiled, tensorflow } from "./contenders";
import { measure, type Round } from "./measure";

/** What is to be compared. */
export interface Question extends Given {
  readonly settings: Settings;
}

/** What came of it so far, or what went wrong. */
export type Answer =
  | ({ readonly type: "measured" } & Round)
  | { readonly type: "failed"; readonly message: string };

/** The last is for several threads, of which there is one here as there is of ours: it is not asked for. */
const wasmPaths = {
  "tfjs-backend-wasm.wasm": plain,
  "tfjs-backend-wasm-simd.wasm": simd,
  "tfjs-backend-wasm-threaded-simd.wasm": simd,
};

const tell = (answer: Answer) => self.postMessage(answer);

async function compare({ settings, ...given }: Question): Promise<void> {
  const data = await datasetOf(settings, given);
  const { batchSize, rules } = settings;
  const contest = (own: Settings, rule: string) => ({
    experiment: experimentOf(own, rule, data),
    data,
    batchSize,
  });
  const alike = { ...settings, layerRules: settings.layerRules.map(() => SAME) };
  const contenders = new Map<string, Contender>();
  try {
    contenders.set("TensorFlow.js", await tensorflow(contest(alike, "bp"), wasmPaths));
    for (const rule of rules) contenders.set(rule, await compiled(contest(settings, rule)));
    for await (const round of measure(contenders)) tell({ type: "measured", ...round });
  } finally {
    for (const contender of contenders.values()) await contender.dispose();
  }
}

self.onmessage = ({ data }: MessageEvent<Question>) => {
  compare(data).catch(({ message }: Error) => tell({ type: "failed", message }));
};
