import type { LayerParameters } from "../layers/layer";
import type { Loss } from "../losses/loss";
import { type GivenLoss, getLoss, type LossSpec, lossSpecOf } from "../losses/registry";
import { withNormOf } from "../ops/norm";
import type { Operand, TensorOps } from "../ops/tensor-ops";
import { sharedOptions } from "../optimizers/definition";
import { createLearningRate, type LearningRate } from "../optimizers/learning-rate";
import type { Optimizer } from "../optimizers/optimizer";
import {
  createOptimizer,
  type GivenOptimizer,
  type OptimizerSpec,
  optimizerSpecOf,
} from "../optimizers/registry";
import { mirroredFeedback } from "../rules/feedback";
import { checkBatch } from "./check-batch";
import { checkLoss, checkOutput } from "./check-rules";
import { firstErrors, needsDelayedErrors } from "./delayed-errors";
import { forLayer } from "./for-layer";
import { type GivenNetwork, networkSpecOf } from "./given";
import { inputGradient } from "./input-gradient";
import {
  createNetwork,
  flatten,
  groupByLayer,
  type Network,
  type NetworkParameters,
  type NetworkSpec,
  type ParameterInfo,
} from "./network";
import { forwardWithTangent, needsOutputTangent } from "./output-tangent";
import { type Backward, backward, forward, layerContextsOf, outputOf, type Tape } from "./passes";
import { learnsFromSecondPass, secondPass } from "./second-pass";

/** What training carries from step to step: weights and the optimizer's memory of those that learn. */
export interface TrainingState<T> {
  readonly parameters: NetworkParameters<T>;
  /** For each of {@link Network.parameters}, the optimizer's slots; empty for weights that do not learn. */
  readonly slots: readonly (readonly T[])[];
}

/** Everything a training step is made of, besides the data. */
export interface Trainable {
  readonly network: Network;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly learningRate: LearningRate;
  /** Decoupled weight decay λ. */
  readonly weightDecay: number;
}

/** What is trained, and how, as plain JSON. */
export interface TrainingSpec {
  readonly spec: NetworkSpec;
  readonly loss: LossSpec;
  readonly optimizer: OptimizerSpec;
}

/** What is trained, and how, as it may be given: definitions may stand for their names. */
export interface GivenTraining {
  readonly spec: GivenNetwork;
  readonly loss: GivenLoss;
  readonly optimizer: GivenOptimizer;
}

/**
 * The plain JSON of a training; definitions in it are added to their registries.
 *
 * @throws BioflaxError for a definition that its registry refuses; nothing else is checked.
 */
export function trainingSpecOf({ spec, loss, optimizer }: GivenTraining): TrainingSpec {
  return {
    spec: networkSpecOf(spec),
    loss: lossSpecOf(loss),
    optimizer: optimizerSpecOf(optimizer),
  };
}

/**
 * Resolves a training's names and checks that they go together.
 *
 * @throws BioflaxError for a bad spec, an unknown name, or a rule the loss gives nothing to learn from.
 */
export function createTrainable(given: GivenTraining): Trainable {
  const { spec, loss, optimizer } = trainingSpecOf(given);
  const network = createNetwork(spec);
  checkOutput(network.layers);
  checkLoss(network.rules, loss);
  return {
    network,
    loss: getLoss(loss),
    optimizer: createOptimizer(optimizer),
    learningRate: createLearningRate(optimizer),
    weightDecay: optimizer.weightDecay ?? sharedOptions.weightDecay.default,
  };
}

/**
 * A mini-batch: inputs [batch, ...inputShape] and the loss's targets, as class numbers, int32 [batch], or rows, [batch,
 * outputs].
 */
export interface Batch<T> {
  readonly input: T;
  readonly target: T;
  /** What each example's loss and error are multiplied by, [batch, 1]; 1 each when left out. */
  readonly weights?: T | undefined;
  /**
   * What {@link LossAndGradients.exampleErrors} was for each example when it was last trained on, [batch, outputs], for
   * rules that need it: `DelayedErrors` remembers it. Left out, none of them has been.
   */
  readonly delayed?: T | undefined;
}

/** The loss and gradients of one batch, with the forward pass they came from. */
export interface LossAndGradients<T> extends Backward<T> {
  readonly loss: T;
  /** ∂L/∂output, [batch, outputs]. */
  readonly delta: T;
  readonly tape: Tape<T>;
  /**
   * Each example's own error at the pre-activation of the output layer, times what it is weighted by, [batch, outputs]:
   * what is its `delayed` the next time; undefined where no rule needs it.
   */
  readonly exampleErrors?: T | undefined;
}

/** The weights of a network with a step's noise, in the order of {@link Network.noise}, dealt out to the layers. */
export function withNoise<T>(
  { noise: wanted }: Network,
  parameters: NetworkParameters<T>,
  noise: readonly T[],
): NetworkParameters<T> {
  return parameters.map((own, layer) => ({
    ...own,
    noise: noise.filter((_, i) => wanted[i]?.layer === layer),
  }));
}

/**
 * What comes before a step's data: its noise is dealt out to the layers, and feedback weights that mirror the kernel
 * do.
 *
 * @param noise this step's random numbers, in the order of {@link Network.noise}.
 * @returns the weights for {@link lossAndGradients} and, after it, {@link applyGradients}.
 */
export function prepareStep<T>(
  ops: TensorOps<T>,
  network: Network,
  parameters: NetworkParameters<T>,
  noise: readonly T[],
): NetworkParameters<T> {
  if (network.noise.length === 0 && network.rules.every((rule) => rule?.mirror === undefined))
    return parameters;
  const dealt = withNoise(network, parameters, noise);
  return layerContextsOf(network, network.rules, dealt).map((context, layer) => {
    const own = dealt[layer] as LayerParameters<T>;
    if (context?.rule.mirror === undefined || own.feedback === undefined) return own;
    const shape = ops.shape(own.feedback);
    const feedback = forLayer(layer, () => mirroredFeedback(ops, context, shape));
    return { ...own, feedback };
  });
}

/**
 * The inputs a step learns from: those of its batch, or under a loss with {@link Loss.adversarialEps} those moved up the
 * loss, by the gradient of the network as it is in this step, with its noise. They may leave the range of the data.
 */
function learntInput<T>(
  ops: TensorOps<T>,
  { network, loss }: Pick<Trainable, "network" | "loss">,
  parameters: NetworkParameters<T>,
  { input, target }: Batch<T>,
): T {
  const { adversarialEps } = loss;
  if (adversarialEps === undefined) return input;
  const gradient = inputGradient(ops, { network, loss }, parameters, { input, target }, true);
  return ops.add(input, ops.mul(ops.sign(gradient), adversarialEps));
}

/**
 * The loss of a batch, a scalar, and the rule's gradients of every weight that learns.
 *
 * @throws BioflaxError for a batch of which something has another shape than {@link Batch} says.
 */
export function lossAndGradients<T>(
  ops: TensorOps<T>,
  { network, loss }: Pick<Trainable, "network" | "loss">,
  parameters: NetworkParameters<T>,
  batch: Batch<T>,
): LossAndGradients<T> {
  const { target, weights, delayed } = batch;
  checkBatch(
    { network, loss },
    {
      input: ops.shape(batch.input),
      target: ops.shape(target),
      weights: weights && ops.shape(weights),
      delayed: delayed && ops.shape(delayed),
    },
  );
  const input = learntInput(ops, { network, loss }, parameters, batch);
  const { tape, outputTangent } = needsOutputTangent(network)
    ? forwardWithTangent(ops, network, parameters, input)
    : { tape: forward(ops, network, parameters, input, true), outputTangent: undefined };
  const output = outputOf(tape);
  const { value, error } = loss.evaluate(ops, output, target, weights);
  const [size] = ops.shape(output) as [number, number];
  const areDelayed = needsDelayedErrors(network);
  const arriving = {
    delta: error,
    target: network.rules.some((rule) => rule?.needsTarget)
      ? loss.targetSignal?.(ops, output, target, weights)
      : undefined,
    delayed: areDelayed
      ? ops.mul(delayed ?? firstErrors(ops, loss, output, target, weights), 1 / size)
      : undefined,
    weights,
    outputTangent,
  };
  const pass = learnsFromSecondPass(network) ? secondPass : backward;
  const passed = pass(ops, network, parameters, tape, arriving);
  return {
    loss: value,
    delta: error,
    tape,
    ...passed,
    exampleErrors: areDelayed ? ops.mul(passed.outputError, size) : undefined,
  };
}

/** What steps one weight that learns. */
export type UpdateWeight<T> = (
  info: ParameterInfo,
  update: {
    readonly parameter: T;
    readonly gradient: T;
    readonly slots: readonly T[];
    /** How many steps have been taken, this one counted: a scalar from 1. */
    readonly step: T;
    readonly rate: Operand<T>;
  },
) => { readonly parameter: T; readonly slots: readonly T[] };

/** The optimizer's update of a weight, with its decay, and within the layer's constraint. */
function optimizerUpdate<T>(
  ops: TensorOps<T>,
  { network, optimizer, weightDecay }: Pick<Trainable, "network" | "optimizer" | "weightDecay">,
): UpdateWeight<T> {
  return ({ decays, role, layer }, given) => {
    const after = optimizer.update(ops, { ...given, weightDecay: decays ? weightDecay : 0 });
    const own = network.layers[layer];
    return role === "kernel" && own?.hasKernel && own.spec.constrainNorm
      ? { ...after, parameter: withNormOf(ops, given.parameter, after.parameter) }
      : after;
  };
}

/**
 * The optimizer's step on every weight that learns; moving statistics become those of the forward pass.
 *
 * @param step how many steps have been taken, this one counted: a scalar from 1.
 * @param rate the step size η of this step: {@link Trainable.learningRate}, or a scalar where that has a schedule.
 * @param update what steps a weight; the trainable's optimizer when left out.
 */
export function applyGradients<T>(
  ops: TensorOps<T>,
  trainable: Pick<Trainable, "network" | "optimizer" | "weightDecay">,
  state: TrainingState<T>,
  { gradients, tape }: Pick<LossAndGradients<T>, "gradients" | "tape">,
  step: T,
  rate: Operand<T>,
  update: UpdateWeight<T> = optimizerUpdate(ops, trainable),
): TrainingState<T> {
  const { network } = trainable;
  const current = flatten(network, state.parameters);
  const flatGradients = flatten(network, gradients);
  const updated = network.parameters.map((info, i) => {
    const parameter = current[i] as T;
    const { learns, role, layer } = info;
    if (!learns) return { parameter: tape[layer]?.updates?.[role] ?? parameter, slots: [] };
    const gradient = flatGradients[i] as T;
    const slots = state.slots[i] as readonly T[];
    return update(info, { parameter, gradient, slots, step, rate });
  });
  return {
    parameters: groupByLayer(
      network,
      updated.map(({ parameter }) => parameter),
    ),
    slots: updated.map(({ slots }) => slots),
  };
}

/** What one step is given. */
export interface StepInputs<T> {
  readonly batch: Batch<T>;
  /** This step's random numbers, in the order of {@link Network.noise}. */
  readonly noise: readonly T[];
  /** How many steps have been taken, this one counted: a scalar from 1. */
  readonly step: T;
  /** The step size η of this step: {@link Trainable.learningRate}, or a scalar where that has a schedule. */
  readonly rate: Operand<T>;
}

/** What one step leaves. */
export interface TrainedStep<T> {
  /** Weights and slots after the step. */
  readonly state: TrainingState<T>;
  /**
   * The weights the pass was made with: those before the step, with its noise, and feedback weights that have mirrored
   * for it.
   */
  readonly parameters: NetworkParameters<T>;
  /** Forward and backward pass: the loss before the update, the gradients, and all that alignment is measured on. */
  readonly pass: LossAndGradients<T>;
}

/** What an engine with operations of its own does in a step. */
export interface StepOptions<T> {
  /** Is shown the weights and the pass before any weight is updated, which may happen in place. */
  readonly observe?: (seen: Pick<TrainedStep<T>, "parameters" | "pass">) => void;
  /** What steps a weight; the trainable's optimizer when left out. */
  readonly update?: UpdateWeight<T>;
}

/**
 * One whole training step, the same for every interpreter: {@link prepareStep}, {@link lossAndGradients}, {@link
 * applyGradients}.
 *
 * @param state weights and slots before it, as the last step left them.
 * @param options for engines with operations of their own; none when left out.
 * @returns the state after it, and the pass it comes from, for whoever observes it.
 * @example
 * const { state: after, pass } = trainStep(referenceOps, trainable, state, { batch, noise: [], step, rate: 0.1 });
 */
export function trainStep<T>(
  ops: TensorOps<T>,
  trainable: Pick<Trainable, "network" | "loss" | "optimizer" | "weightDecay">,
  state: TrainingState<T>,
  { batch, noise, step, rate }: StepInputs<T>,
  { observe, update }: StepOptions<T> = {},
): TrainedStep<T> {
  const parameters = prepareStep(ops, trainable.network, state.parameters, noise);
  const pass = lossAndGradients(ops, trainable, parameters, batch);
  observe?.({ parameters, pass });
  const before = { ...state, parameters };
  const after = applyGradients(ops, trainable, before, pass, step, rate, update);
  return { state: after, parameters, pass };
}
