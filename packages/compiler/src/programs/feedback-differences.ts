import {
  differenceName,
  type Network,
  type ParameterInfo,
  remainingName,
  slotNames,
  type Trainable,
  type Weights,
} from "@bioflax/core";
import {
  type FollowingFeedback,
  type FollowingPair,
  followingFeedback,
} from "./following-feedback";

interface Given {
  readonly weights: Weights;
  readonly slots?: Weights | undefined;
}

/** What feedback weights are away from their kernels: W − B = c·D. */
export interface Differences {
  /** D of each pair. */
  readonly values: readonly Float32Array[];
  /** c, which is the same for all pairs. */
  readonly remaining: number;
}

/** The feedback weights that follow their kernels from a start: only where the optimizer remembers the same of both. */
export function followingFrom(
  trainable: Trainable,
  slots: Given["slots"],
): FollowingFeedback | undefined {
  const { network, optimizer } = trainable;
  // An optimizer's memory of such a name would be taken for a difference.
  if (optimizer.slots.some((slot) => ["difference", "remaining"].includes(slot))) return undefined;
  const following = followingFeedback(trainable);
  if (following === undefined || slots === undefined) return following;
  const pairs = following.pairs.filter((pair) => {
    const [feedback, kernel] = infosOf(network, pair).map((info) => slotNames(info, optimizer));
    return feedback?.every((name, i) => areSame(slots[name], slots[kernel?.[i] as string]));
  });
  return pairs.length === 0 ? undefined : { ...following, pairs };
}

/** A pair's feedback weights and kernel among a network's weights. */
export const infosOf = (
  { parameters }: Network,
  { feedback, kernel }: FollowingPair,
): [feedback: ParameterInfo, kernel: ParameterInfo] => [
  parameters[feedback] as ParameterInfo,
  parameters[kernel] as ParameterInfo,
];

/**
 * The differences to go on from: those of a snapshot, where its feedback weights are what they say; else what is between
 * the weights as they are.
 */
export function differencesOf(
  network: Network,
  { pairs }: FollowingFeedback,
  { weights, slots = {} }: Given,
): Differences {
  const all = pairs.map((pair) => {
    const [{ name, layer }, kernel] = infosOf(network, pair);
    return {
      kernel: weights[kernel.name] as Float32Array,
      feedback: weights[name] as Float32Array,
      difference: slots[differenceName(layer)],
      remaining: slots[remainingName(layer)]?.[0],
    };
  });
  const remaining = all[0]?.remaining;
  const areKnown =
    remaining !== undefined &&
    all.every(
      (own) =>
        own.difference?.length === own.kernel.length &&
        own.remaining === remaining &&
        areSame(feedbackFrom(own.kernel, own.difference, remaining), own.feedback),
    );
  return areKnown
    ? { values: all.map(({ difference }) => difference as Float32Array), remaining }
    : {
        values: all.map(({ kernel, feedback }) =>
          kernel.map((value, i) => value - (feedback[i] as number)),
        ),
        remaining: 1,
      };
}

/** B = W − c·D, rounded as a program rounds it. */
export function feedbackFrom(
  kernel: Float32Array,
  difference: Float32Array,
  remaining: number,
): Float32Array {
  return kernel.map((value, i) => value - Math.fround(remaining * (difference[i] as number)));
}

/** Whether two arrays hold the same bits, but for signs of zeros. */
const areSame = (a: Float32Array | undefined, b: Float32Array | undefined): boolean =>
  a !== undefined && a.length === b?.length && a.every((value, i) => value === b[i]);
