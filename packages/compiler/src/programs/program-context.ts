import { needsDelayedErrors, type Shape, type Trainable } from "@bioflax/core";
import type { FollowingFeedback } from "./following-feedback";
import { rowsOf, type SourceLayout, type SourceTypes } from "./source";

/** What a network's programs for a source and for batches of a size are made from. */
export interface ProgramContext {
  readonly trainable: Trainable;
  /** Of several networks that train as one, each one's; then all arrays but the source's begin with an axis of them. */
  readonly replicas?: readonly Trainable[] | undefined;
  /** Feedback weights that are not carried, as they follow their kernels; none when left out. */
  readonly following?: FollowingFeedback | undefined;
  readonly source: SourceTypes;
  /** How many examples the source has. */
  readonly count: number;
  /** Examples in a batch. */
  readonly batch: number;
  /** Examples in the largest batch there is. */
  readonly largestBatch: number;
}

/**
 * The shape of the delayed errors that a step's examples come with, [batch, outputs]; undefined where no rule needs
 * them.
 */
export function delayedShape({
  trainable: { network },
  source,
  batch,
}: Pick<ProgramContext, "trainable" | "batch"> & { readonly source: SourceLayout }):
  | Shape
  | undefined {
  return needsDelayedErrors(network)
    ? [rowsOf(source, network, batch), network.outputs]
    : undefined;
}

/** Tells one network's programs apart. @param kind what the program does. */
export function programName(kind: string, { source, count, batch }: ProgramContext): string {
  const { inputType, targetType, targetForm, isWeighted } = source;
  return [kind, inputType, targetType, targetForm, isWeighted, count, batch].join(" ");
}
