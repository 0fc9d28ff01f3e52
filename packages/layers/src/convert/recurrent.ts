import {
  activations,
  createLayer,
  type KernelLayer,
  type KernelLayerSpec,
  type Shape,
  sameShape,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { fromTfActivation } from "../network/tf-activations";
import { isSized } from "./places";

type Config = Readonly<Record<string, unknown>>;

/** What recurrent layers of TensorFlow.js's do that those under a rule do not, by option. */
const foreign = [
  ["stateful", "it goes on from the states of the batch before (stateful)"],
  ["returnState", "it puts out its states beside its output (returnState)"],
  ["goBackwards", "it goes through its sequences backwards (goBackwards)"],
  ["dropout", "it drops out inputs (dropout)"],
  ["recurrentDropout", "it drops out states (recurrentDropout)"],
] as const;

/** What holds two kernels to something just as it holds one that is both, since it does so number by number. */
export const elementwise = { Regularizer: "L1L2", Constraint: "NonNeg" } as const;

/** Why the kernels of inputs and of states are not held to what one kernel could be; undefined where they are. */
function unlikePenalties(config: Config): string | undefined {
  const both = "a layer under a rule has one kernel in the place of both";
  for (const [what, className] of Object.entries(elementwise)) {
    const [ofInputs, ofStates] = [config[`kernel${what}`], config[`recurrent${what}`]];
    if (JSON.stringify(ofInputs ?? null) !== JSON.stringify(ofStates ?? null))
      return `its kernel${what} is not its recurrent${what}, and ${both}`;
    if (ofInputs != null && (ofInputs as { readonly className?: string }).className !== className)
      return `its kernel${what} takes each of its kernels as a whole, and ${both}`;
  }
  return undefined;
}

/** Why an activation is not what a layer under a rule can have in its place; undefined where it can. */
function unlikeActivation(config: Config, option: string): string | undefined {
  if (config[option] == null) return undefined;
  const name = fromTfActivation(String(config[option]));
  if (name === undefined) return `it has the ${option} ${config[option]}, which bioflax does not`;
  // TensorFlow.js takes gates one by one, and a layer under a rule all of a unit's at once.
  return option === "recurrentActivation" && activations.get(name).normalizes
    ? `it has the ${option} ${config[option]}, whose units share their errors`
    : undefined;
}

/** Whether what a symbolic tensor holds may come with a mask of steps that are to be passed over. */
function isMasked(
  { id, sourceLayer, inputs }: tf.SymbolicTensor,
  seen = new Set<number>(),
): boolean {
  // An embedding that masks nothing supports no masks.
  if (!sourceLayer.supportsMasking || seen.has(id)) return false;
  seen.add(id);
  const makesMask = ["Masking", "Embedding"].includes(sourceLayer.getClassName());
  return makesMask || inputs.some((symbol) => isMasked(symbol, seen));
}

/** Why a layer under a rule cannot be unrolled over the sequences that a layer is used on; undefined where it can. */
function unlikeInputs(layer: tf.layers.Layer): string | undefined {
  const inputs = layer.inboundNodes.map(({ inputTensors }) => inputTensors);
  const [first, ...others] = inputs.map(([symbol]) => symbol?.shape.slice(1) as Shape);
  if (!isSized(layer)) return "the number of its steps is not known";
  if (others.some((shape) => !sameShape(shape, first as Shape)))
    return "it is used on sequences of several lengths";
  if (inputs.some(({ length }) => length > 1)) return "it is told the states to begin with";
  return inputs.flat().some((symbol) => isMasked(symbol))
    ? "steps of its input may be masked, and a layer under a rule passes over none"
    : undefined;
}

/** Why a recurrent layer of TensorFlow.js's is not what one under a rule can be; undefined where it is. */
export function unlikeRecurrent(layer: tf.layers.Layer): string | undefined {
  const config = layer.getConfig();
  const option = foreign.find(([name]) => config[name]);
  if (option !== undefined) return `${option[1]}, and a layer under a rule does not`;
  return (
    unlikeActivation(config, "activation") ??
    unlikeActivation(config, "recurrentActivation") ??
    unlikePenalties(config) ??
    unlikeInputs(layer)
  );
}

/** A recurrent layer of TensorFlow.js's as core has it, which knows by which rules it can learn. */
export function recurrentDefinition(
  layer: tf.layers.Layer,
  type: KernelLayerSpec["type"],
): KernelLayer {
  const { units, returnSequences, resetAfter } = layer.getConfig();
  const shape = layer.inboundNodes[0]?.inputTensors[0]?.shape.slice(1) as Shape;
  const spec = { type, units, returnSequences, ...(resetAfter != null && { resetAfter }) };
  return createLayer(spec as KernelLayerSpec, shape) as KernelLayer;
}

/** What a recurrent layer of ours is told of one of TensorFlow.js's. */
export function recurrentConfig({
  // Drawn as one, both would be others; and the layer's own are copied.
  kernelInitializer: _drawn,
  ...config
}: tf.serialization.ConfigDict): tf.serialization.ConfigDict {
  return config;
}

/** The kernels of inputs and of states as one: the inputs' rows first. */
export const joinedKernels = ([
  ofInputs,
  ofStates,
  ...others
]: readonly tf.Tensor[]): tf.Tensor[] => [
  tf.concat([ofInputs as tf.Tensor, ofStates as tf.Tensor]),
  ...others,
];

/** The other way: one kernel as those of inputs and of states. */
export function splitKernel(
  [kernel, ...others]: readonly tf.Tensor[],
  inputRows: number,
): tf.Tensor[] {
  const rows = (kernel as tf.Tensor).shape[0] as number;
  return [...tf.split(kernel as tf.Tensor, [inputRows, rows - inputRows]), ...others];
}
