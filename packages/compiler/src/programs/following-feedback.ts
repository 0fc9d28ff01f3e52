import {
  backward,
  forward,
  groupByLayer,
  type LearningRate,
  noiseShape,
  type ParameterInfo,
  prepareStep,
  rateAt,
  sameShape,
  type Trainable,
} from "@bioflax/core";
import { type Expression, expressions, factorOf } from "./expressions";
import { type TracedUpdate, tracedUpdate } from "./traced-update";

/** Feedback weights, and the kernel that they follow; both by their places among the network's parameters. */
export interface FollowingPair {
  readonly feedback: number;
  readonly kernel: number;
}

/**
 * Feedback weights B that learn as their kernels W do, as Kolen-Pollack's: the same gradient goes through the same
 * optimizer, from the same memory, so that W and B change by the same and decay by the same, and what is between them,
 * D = W − B, only decays. So a program carries W alone, and B is W − c·D, where c is what of D is left.
 */
export interface FollowingFeedback {
  readonly pairs: readonly FollowingPair[];
  /** By what a step multiplies W − B; a number where all steps do so by the same, 1 where nothing decays. */
  readonly factor: LearningRate;
}

/** Below this nothing is left of a difference: to go on would be to compute with numbers that processors are slow with. */
const NOTHING = 2 ** -64;

/** How much of the differences is left before each of some steps, and after the last of them: float32s. */
export function remainingAt(
  { factor }: FollowingFeedback,
  { remaining, taken, count }: Record<"remaining" | "taken" | "count", number>,
): Float32Array {
  const all = new Float32Array(count + 1);
  all[0] = remaining;
  for (let t = 0; t < count; t++) {
    const next = (all[t] as number) * Math.fround(rateAt(factor, taken + t));
    all[t + 1] = Math.abs(next) < NOTHING ? 0 : next;
  }
  return all;
}

/** Whether what is between kernels and feedback weights changes at all. */
export const decays = (following: FollowingFeedback | undefined): boolean =>
  following !== undefined && following.factor !== 1;

/**
 * Which feedback weights follow their kernels, found by comparing what a step computes for one and the other; undefined
 * if none does.
 */
export function followingFeedback(trainable: Trainable): FollowingFeedback | undefined {
  const candidates = sameGradients(trainable);
  if (candidates.length === 0) return undefined;
  const kernels = new Map(candidates.map(({ feedback, kernel }) => [feedback, kernel]));
  const update = tracedUpdate(trainable, kernels);
  const found = candidates.flatMap((pair) => {
    const factor = sharedFactor(trainable, update, pair);
    return factor === undefined ? [] : [{ pair, factor }];
  });
  // One factor for all pairs: what is decayed is the same in a network, whichever layer it is in.
  const [first] = found;
  if (first === undefined) return undefined;
  return { pairs: found.map(({ pair }) => pair), factor: first.factor };
}

/** Feedback weights whose gradient is their kernel's. */
function sameGradients({ network }: Trainable): FollowingPair[] {
  const { parameters } = network;
  if (!parameters.some(({ role, learns }) => role === "feedback" && learns)) return [];
  const { ops, input } = expressions();
  const given = groupByLayer(
    network,
    parameters.map(({ shape }) => input(shape)),
  );
  const noise = network.noise.map((info) => input(noiseShape(info, 1)));
  const prepared = prepareStep(ops, network, given, noise);
  const example = input([1, ...network.spec.inputShape]);
  const tape = forward(ops, network, prepared, example, true);
  const ofOutputs = () => input([1, network.outputs]);
  const arriving = {
    delta: ofOutputs(),
    target: ofOutputs(),
    delayed: ofOutputs(),
    outputTangent: ofOutputs(),
  };
  const { gradients } = backward(ops, network, prepared, tape, arriving);
  return parameters.flatMap(({ role, learns, layer, shape }, feedback) => {
    const kernel = parameters.findIndex((own) => own.layer === layer && own.role === "kernel");
    const isSame =
      role === "feedback" &&
      learns &&
      gradients[layer]?.feedback !== undefined &&
      gradients[layer]?.feedback === gradients[layer]?.kernel &&
      prepared[layer]?.feedback === given[layer]?.feedback &&
      sameShape(shape, (parameters[kernel] as ParameterInfo).shape);
    return isSame ? [{ feedback, kernel }] : [];
  });
}

/**
 * By what an update multiplies a kernel and its feedback weights, where it would make the same of both were they the
 * same; undefined where it would not, or does something else with them.
 *
 * @param update with all feedback weights that may follow taken to be their kernels.
 */
function sharedFactor(
  { learningRate }: Pick<Trainable, "learningRate">,
  { parameters, step, rate, after }: TracedUpdate,
  pair: FollowingPair,
): LearningRate | undefined {
  const both = [pair.kernel, pair.feedback].map((at) => [
    after.parameters[at] as Expression,
    ...(after.slots[at] as readonly Expression[]),
  ]) as [Expression[], Expression[]];
  const isSame = both[0].every((value, i) => value === both[1][i]);
  const kernel = parameters[pair.kernel] as Expression;
  const [next, ...memory] = both[0] as [Expression, ...Expression[]];
  const factorAt = (rateThen: number, stepThen: number) => {
    const numbers = new Map([[step, stepThen]]);
    if (typeof rate !== "number") numbers.set(rate, rateThen);
    const ofMemory = memory.map((slot) => factorOf(slot, kernel, numbers));
    return ofMemory.every((own) => own === 0) ? factorOf(next, kernel, numbers) : undefined;
  };
  if (!isSame || factorAt(1, 1) === undefined) return undefined;
  // What depends on neither can be told without them.
  const always = factorAt(Number.NaN, Number.NaN) as number;
  if (!Number.isNaN(always)) return always;
  return (taken) => factorAt(rateAt(learningRate, taken), taken + 1) as number;
}
