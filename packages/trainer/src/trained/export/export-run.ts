import { join } from "node:path";
import { checkOptionNames, type OptionNames } from "@bioflax/core";
import { encodeSafetensors } from "@bioflax/runs";
import { checkNew, writeNewFile, writeNewFolder } from "@bioflax/runs/node";
import { openRun, type TrainedNetwork } from "../open-run";
import { describeTrained } from "./describe";

/** What a trained network can be exported as, with the name it has in the run folder when none is given. */
const names = {
  tfjs: "tfjs",
  onnx: "model.onnx",
  stablehlo: "stablehlo",
  safetensors: "model.safetensors",
} as const;

/** A form a trained network can be exported in. */
export type ExportFormat = keyof typeof names;

/** The forms a trained network can be exported in. */
export const exportFormats = Object.keys(names) as readonly ExportFormat[];

const write: {
  readonly [F in ExportFormat]: (path: string, trained: TrainedNetwork) => Promise<void>;
} = {
  async tfjs(path, trained) {
    const { tfjsFiles } = await import("./tfjs");
    await writeNewFolder(path, await tfjsFiles(trained));
  },
  async onnx(path, trained) {
    const { inferenceModel } = await import("@bioflax/compiler");
    const { spec, weights } = trained;
    await writeNewFile(path, inferenceModel({ spec, weights, metadata: describeTrained(trained) }));
  },
  async stablehlo(path, trained) {
    const { stablehloFiles } = await import("./stablehlo");
    const weights = { "model.safetensors": standalone(trained) };
    await writeNewFolder(path, { ...stablehloFiles(trained), ...weights });
  },
  async safetensors(path, trained) {
    await writeNewFile(path, standalone(trained));
  },
};

/** The weights with all that is needed to use them. */
function standalone(trained: TrainedNetwork): Uint8Array {
  const { spec, network, weights } = trained;
  const tensors = network.parameters.map(({ name, shape }) => [
    name,
    { shape, values: weights[name] as Float32Array },
  ]);
  return encodeSafetensors(Object.fromEntries(tensors), {
    format: "bioflax",
    spec: JSON.stringify(spec),
    ...describeTrained(trained),
  });
}

/** How a run is exported. */
export interface ExportOptions {
  /** The file, or of tfjs and stablehlo the folder, to write; one in the run folder when left out. */
  readonly out?: string | undefined;
  /** `final`, `best`, `last` or `initial`, or the path of a .safetensors file; `final` when left out. */
  readonly weights?: string | undefined;
}

const optionNames: OptionNames<ExportOptions> = { out: true, weights: true };

/**
 * Writes the network of a run in a form other programs read, whole or not at all.
 *
 * - `tfjs`: a folder with model.json and weights.bin, for `tf.loadLayersModel`; TensorFlow.js's own layers alone.
 * - `onnx`: an inference model for ONNX Runtime, from `input` to `output`, of any batch; see `inferenceModel`.
 * - `safetensors`: the weights, with the network's spec and all else that is needed to use them as metadata.
 *
 * All take inputs as the network sees them, normalised, and give its last layer's outputs, before the loss's own
 * softmax.
 *
 * @param folder the run's.
 * @returns the path of what was written.
 * @throws BioflaxError for a folder that is no run, weights that are not there, and a path where something is already.
 * @example
 * const file = await exportRun("runs/third", "onnx", { out: "digits.onnx" });
 */
export async function exportRun(
  folder: string,
  format: ExportFormat,
  options: ExportOptions = {},
): Promise<string> {
  checkOptionNames("exportRun", options, optionNames);
  const { out = join(folder, names[format]), weights } = options;
  await checkNew(out);
  await write[format](out, await openRun(folder, weights));
  return out;
}
