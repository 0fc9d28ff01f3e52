import {
  backward,
  type KernelLayer,
  type LayerParameters,
  type LossAndGradients,
  layerContextsOf,
  type Network,
  type NetworkParameters,
  rules,
  type TensorOps,
} from "@bioflax/core";
import { comparison, degrees, type VectorPair } from "./vectors";

/**
 * Measured scalars by name. For the network as a whole, and with `layers.<index>.` before them for each layer with a
 * kernel:
 *
 * | name | meaning |
 * |---|---|
 * | `gradient` | cos ∠(the rule's, backpropagation's) gradient of kernels and biases |
 * | `biasGradient` | the same for the biases alone |
 * | `gradientNormRatio` | ‖backpropagation's gradient‖ / ‖the rule's‖, as bioflax has it |
 * | `signal` | cos ∠(the error signal δ that arrives at a hidden layer, the one backpropagation would have sent) |
 * | `weights` | cos ∠(transport, the forward weights it stands in for) |
 * | `weightNormRatio` | ‖transport‖ / ‖the forward weights it stands in for‖ |
 *
 * A recurrent layer has `gradient`, `gradientNormRatio`, `weights` and `weightNormRatio` of the state's rows of its kernel,
 * too, under `layers.<index>.recurrent.`: what an error takes from step to step. Its `signal` is that at all its states.
 *
 * `inputFeedback.weights` and `inputFeedback.weightNormRatio` are those of the first layer's feedback matrix where
 * errors travel layer by layer: it would send errors to the data, so it teaches nothing and is in no total. Feature
 * maps that errors reach straight from the output stand for no one matrix, and have no `weights`.
 *
 * Gradients and signals are those of the mean loss of the whole batch, not of its examples one by one. A value is NaN
 * where it isn't defined: the angle to a vector of zeros (no unit of a layer is active, say), and the ratio to one.
 */
export type AlignmentValues<T> = Readonly<Record<string, T>>;

/** Where the value of a name in {@link AlignmentValues} is found. */
export interface AlignmentPlace {
  readonly name: string;
  /** In which of the vectors. */
  readonly vector: 0 | 1;
  /** Where in it. */
  readonly index: number;
}

/** Two vectors that are compared, and what their cosine and the ratio of their norms are called where they are told. */
interface Compared<T> {
  readonly pair: VectorPair<T>;
  readonly cosine: string;
  readonly normRatio?: string;
}

/** The rule's gradients, and backpropagation's. */
function gradientAlignment<T>(
  prefix: string,
  own: NetworkParameters<T>,
  reference: NetworkParameters<T>,
): Compared<T>[] {
  const biases = (all: NetworkParameters<T>) =>
    all.flatMap(({ bias }) => (bias === undefined ? [] : [bias]));
  const everything = (all: NetworkParameters<T>) => [
    ...all.flatMap(({ kernel }) => (kernel === undefined ? [] : [kernel])),
    ...biases(all),
  ];
  const compared: Compared<T>[] = [
    {
      pair: [everything(reference), everything(own)],
      cosine: `${prefix}gradient`,
      normRatio: `${prefix}gradientNormRatio`,
    },
  ];
  if (biases(own).length > 0)
    compared.push({ pair: [biases(reference), biases(own)], cosine: `${prefix}biasGradient` });
  return compared;
}

/** The error signals that arrive at hidden layers: at the output the loss itself sends the same under every rule. */
function signalAlignment<T>(
  network: Network,
  own: readonly (T | undefined)[],
  reference: readonly (T | undefined)[],
): Compared<T>[] {
  const hidden = network.layers.flatMap((layer, index) =>
    layer.hasKernel && index !== network.outputLayer ? [index] : [],
  );
  if (hidden.length === 0) return [];
  const of = (signals: readonly (T | undefined)[], indices: readonly number[]) =>
    indices.map((index) => signals[index] as T);
  const compare = (prefix: string, indices: readonly number[]): Compared<T> => ({
    pair: [of(own, indices), of(reference, indices)],
    cosine: `${prefix}signal`,
  });
  return [compare("", hidden), ...hidden.map((index) => compare(`layers.${index}.`, [index]))];
}

/** The rows of a recurrent layer's kernel, or of what stands for it, that are the input's, and those that are the state's. */
function rowsOf<T>(
  ops: TensorOps<T>,
  { recurrence, kernelShape }: KernelLayer,
): { readonly input: (x: T) => T; readonly state: (x: T) => T } | undefined {
  if (recurrence === undefined) return undefined;
  const { inputRows } = recurrence;
  const [rows, columns] = kernelShape as readonly [number, number];
  return {
    input: (x) => ops.slice(x, [0, 0], [inputRows, columns]),
    state: (x) => ops.slice(x, [inputRows, 0], [rows - inputRows, columns]),
  };
}

/** The matrices that carry errors, and the forward weights they stand in for. */
function weightAlignment<T>(
  ops: TensorOps<T>,
  network: Network,
  parameters: NetworkParameters<T>,
): Compared<T>[] {
  const compared: Compared<T>[] = [];
  const transports: T[] = [];
  const forwardWeights: T[] = [];
  const compare = (prefix: string, transport: readonly T[], weights: readonly T[]) =>
    compared.push({
      pair: [transport, weights],
      cosine: `${prefix}weights`,
      normRatio: `${prefix}weightNormRatio`,
    });
  const contexts = layerContextsOf(network, network.rules, parameters);
  const first = contexts.findIndex((context) => context !== undefined);
  for (const [index, context] of contexts.entries()) {
    if (context === undefined) continue;
    const { route } = context.rule;
    const equivalent = route.forwardEquivalent(ops, contexts, index);
    if (equivalent === undefined) continue;
    const transport = context.rule.transport(ops, context);
    // A rule that transports the kernel itself has nothing to be compared.
    if (transport === context.parameters.kernel) continue;
    const rows = route.source === "above" ? rowsOf(ops, context.layer) : undefined;
    const own = { transport, weights: equivalent };
    const state = rows && { transport: rows.state(transport), weights: rows.state(equivalent) };
    if (state !== undefined)
      compare(`layers.${index}.recurrent.`, [state.transport], [state.weights]);
    const teaches = route.teaches(index - first);
    // Even in the first layer, errors go from step to step.
    const teaching = teaches ? own : state;
    if (teaching !== undefined) {
      transports.push(teaching.transport);
      forwardWeights.push(teaching.weights);
    }
    if (teaches) compare(`layers.${index}.`, [transport], [equivalent]);
    else {
      const input = rows?.input ?? ((x: T) => x);
      compare("inputFeedback.", [input(transport)], [input(equivalent)]);
    }
  }
  if (transports.length > 0) compare("", transports, forwardWeights);
  return compared;
}

/**
 * How a batch's gradients, error signals and transport matrices agree with backpropagation's, read before the update.
 *
 * The reference shares the rule's own forward pass, so it costs one backward pass. A transport is compared as it really
 * carries errors: with its signs and magnitudes of this step. Where it is the kernel itself, there is nothing to
 * compare.
 *
 * @param parameters the weights the pass was made with.
 * @param pass the rule's loss, gradients and signals of one batch.
 * @returns all values in two vectors, and where in them those of each name are: a program for a deep network that has
 *   hundreds of results is slow to compile, and each has to be fetched.
 */
export function alignmentVectors<T>(
  ops: TensorOps<T>,
  network: Network,
  parameters: NetworkParameters<T>,
  { tape, delta, gradients, signals }: LossAndGradients<T>,
): { readonly vectors: readonly [T, T]; readonly places: readonly AlignmentPlace[] } {
  const everywhere = network.rules.map((rule) => rule && rules.get("bp"));
  const reference = backward(ops, network, parameters, tape, { delta }, { rules: everywhere });
  const compared = [
    ...gradientAlignment("", gradients, reference.gradients),
    ...signalAlignment(network, signals, reference.signals),
    ...weightAlignment(ops, network, parameters),
    ...network.layers.flatMap((layer, index) => {
      if (!layer.hasKernel) return [];
      const all = [gradients, reference.gradients].map((of) => of[index] as LayerParameters<T>);
      const ofStates = (own: LayerParameters<T>) => ({
        kernel: rowsOf(ops, layer)?.state(own.kernel as T),
      });
      const compareAll = (prefix: string, [own, bp]: readonly LayerParameters<T>[]) =>
        gradientAlignment(prefix, [own as LayerParameters<T>], [bp as LayerParameters<T>]);
      return [
        ...compareAll(`layers.${index}.`, all),
        ...(layer.recurrence === undefined
          ? []
          : compareAll(`layers.${index}.recurrent.`, all.map(ofStates))),
      ];
    }),
  ];
  const { cosines, normRatios } = comparison(
    ops,
    compared.map(({ pair }) => pair),
  );
  const places = compared.flatMap(({ cosine, normRatio }, index): AlignmentPlace[] => [
    { name: cosine, vector: 0, index },
    ...(normRatio === undefined ? [] : [{ name: normRatio, vector: 1 as const, index }]),
  ]);
  return { vectors: [cosines, normRatios], places };
}

/**
 * {@link alignmentVectors}' values one by one.
 *
 * @returns scalars, by the names in {@link AlignmentValues}.
 */
export function alignment<T>(...given: Parameters<typeof alignmentVectors<T>>): AlignmentValues<T> {
  const [ops] = given;
  const { vectors, places } = alignmentVectors(...given);
  return Object.fromEntries(
    places.map(({ name, vector, index }) => [
      name,
      ops.reshape(ops.slice(vectors[vector], [index], [1]), []),
    ]),
  );
}

/** The names whose values are cosines, and so have an angle. */
const COSINES = /(^|\.)(gradient|biasGradient|signal|weights)$/;

/**
 * The mean of each value over several batches, with the angle of each mean cosine in degrees beside it:
 * `gradient` gives `gradientAngle`.
 *
 * A batch where a value isn't defined (NaN) doesn't count towards that value's mean, and `<name>Batches` says over how
 * many batches the mean is. Where every batch counts, that name is left out. Defined in no batch, the mean is NaN.
 *
 * @param batches the values of each batch; all with the same names.
 */
export function summarizeAlignment(
  batches: readonly AlignmentValues<number>[],
): Record<string, number> {
  const summary: Record<string, number> = {};
  for (const name of Object.keys(batches[0] ?? {})) {
    const defined = batches
      .map((values) => values[name] as number)
      .filter((value) => !Number.isNaN(value));
    const mean = defined.reduce((total, value) => total + value, 0) / defined.length;
    summary[name] = mean;
    if (COSINES.test(name)) summary[`${name}Angle`] = degrees(mean);
    if (defined.length < batches.length) summary[`${name}Batches`] = defined.length;
  }
  return summary;
}
