import {
  backward,
  type LayerParameters,
  type LossAndGradients,
  type Network,
  type NetworkParameters,
  type Rule,
  rules,
  type TensorOps,
} from "@bioflax/core";
import { cosine, degrees, normRatio } from "./vectors";

/**
 * Measured scalars by name. For the network as a whole, and with `layers.<index>.` before them for each layer:
 *
 * | name | meaning |
 * |---|---|
 * | `gradient` | cos ∠(the rule's, backpropagation's) gradient of kernels and biases |
 * | `biasGradient` | the same for the biases alone |
 * | `gradientNormRatio` | ‖backpropagation's gradient‖ / ‖the rule's‖, as bioflax has it |
 * | `weights` | cos ∠(transport, the forward weights it stands in for) |
 * | `weightNormRatio` | ‖transport‖ / ‖the forward weights it stands in for‖ |
 *
 * `inputFeedback.weights` and `inputFeedback.weightNormRatio` are those of the first layer's feedback matrix where
 * errors travel layer by layer: it would send errors to the data, so it teaches nothing and is in no total.
 */
export type AlignmentValues<T> = Readonly<Record<string, T>>;

function gradientAlignment<T>(
  ops: TensorOps<T>,
  prefix: string,
  own: NetworkParameters<T>,
  reference: NetworkParameters<T>,
): Record<string, T> {
  const biases = (all: NetworkParameters<T>) =>
    all.flatMap(({ bias }) => (bias === undefined ? [] : [bias]));
  const everything = (all: NetworkParameters<T>) => [
    ...all.map(({ kernel }) => kernel),
    ...biases(all),
  ];
  const values: Record<string, T> = {
    [`${prefix}gradient`]: cosine(ops, everything(own), everything(reference)),
    [`${prefix}gradientNormRatio`]: normRatio(ops, everything(reference), everything(own)),
  };
  if (biases(own).length > 0)
    values[`${prefix}biasGradient`] = cosine(ops, biases(own), biases(reference));
  return values;
}

function weightAlignment<T>(
  ops: TensorOps<T>,
  network: Network,
  rule: Rule,
  parameters: NetworkParameters<T>,
): Record<string, T> {
  const values: Record<string, T> = {};
  const transports: T[] = [];
  const forwardWeights: T[] = [];
  const compare = (prefix: string, transport: readonly T[], weights: readonly T[]) => {
    values[`${prefix}weights`] = cosine(ops, transport, weights);
    values[`${prefix}weightNormRatio`] = normRatio(ops, transport, weights);
  };
  const sites = network.layers.map((layer, index) => ({
    layer,
    parameters: parameters[index] as LayerParameters<T>,
  }));
  for (const [index, site] of sites.entries()) {
    const stoodFor = rule.route.standsFor(ops, sites, index);
    if (stoodFor === undefined) continue;
    const transport = rule.transport(ops, site.parameters);
    if (rule.route.teaches(index)) {
      transports.push(transport);
      forwardWeights.push(stoodFor);
      compare(`layers.${index}.`, [transport], [stoodFor]);
    } else {
      compare("inputFeedback.", [transport], [stoodFor]);
    }
  }
  if (transports.length > 0) compare("", transports, forwardWeights);
  return values;
}

/**
 * How a batch's gradients and the feedback weights agree with backpropagation's, read before the update.
 *
 * The reference gradient shares the rule's own forward pass, so it costs one backward pass. The weights of a rule
 * without feedback weights of its own (backpropagation) are their own transport and are not compared.
 *
 * @param parameters the weights the pass was made with.
 * @param pass the rule's loss and gradients of one batch.
 * @returns scalars, by the names in {@link AlignmentValues}.
 */
export function alignment<T>(
  ops: TensorOps<T>,
  network: Network,
  parameters: NetworkParameters<T>,
  { tape, delta, gradients }: LossAndGradients<T>,
): AlignmentValues<T> {
  const reference = backward(ops, network, parameters, tape, delta, rules.bp);
  const perLayer = gradients.map((own, layer) =>
    gradientAlignment(ops, `layers.${layer}.`, [own], [reference[layer] as LayerParameters<T>]),
  );
  return Object.assign(
    gradientAlignment(ops, "", gradients, reference),
    network.rule.hasFeedback ? weightAlignment(ops, network, network.rule, parameters) : {},
    ...perLayer,
  );
}

/** The names whose values are cosines, and so have an angle. */
const COSINES = /(^|\.)(gradient|biasGradient|weights)$/;

/**
 * The mean of each value over several batches, with the angle of each mean cosine in degrees beside it:
 * `gradient` gives `gradientAngle`.
 *
 * @param batches the values of each batch; all with the same names.
 */
export function summarizeAlignment(
  batches: readonly AlignmentValues<number>[],
): Record<string, number> {
  const summary: Record<string, number> = {};
  for (const name of Object.keys(batches[0] ?? {})) {
    const mean =
      batches.reduce((total, values) => total + (values[name] as number), 0) / batches.length;
    summary[name] = mean;
    if (COSINES.test(name)) summary[`${name}Angle`] = degrees(mean);
  }
  return summary;
}
