import { classOf } from "@bioflax/metrics";

/** Examples to be attacked, and what can be asked of the network that is. */
export interface AttackTarget {
  /** The examples as they are, one after another. */
  readonly originals: Float32Array;
  /** Class numbers, one for each. */
  readonly labels: ArrayLike<number>;
  /** How many numbers an example has. */
  readonly size: number;
  /** Where the numbers of any example lie; undefined where they are not bounded. */
  readonly bounds: readonly [least: number, most: number] | undefined;
  /** The output above which a single one tells class 1. */
  readonly threshold: number;
  /** The network's outputs for examples in place of some of these. @param which of them. */
  outputs(x: Float32Array, which: Int32Array): Promise<Float32Array>;
  /** The gradient of each one's loss at the examples, in place of all of these. */
  gradients(x: Float32Array): Promise<Float32Array>;
}

/** The numbers of all examples of a target. */
export const everyOne = ({ labels }: Pick<AttackTarget, "labels">): Int32Array =>
  Int32Array.from({ length: labels.length }, (_, i) => i);

/** Brings every number back to where those of any example lie. */
export function clip(x: Float32Array, bounds: AttackTarget["bounds"]): void {
  if (bounds === undefined) return;
  const [least, most] = bounds;
  for (let i = 0; i < x.length; i++) x[i] = Math.min(Math.max(x[i] as number, least), most);
}

/** Which examples are classified right, by their outputs, one example's after another's. */
export function rightOnes(
  outputs: Float32Array,
  labels: ArrayLike<number>,
  threshold: number,
): boolean[] {
  const each = outputs.length / labels.length;
  return Array.from(
    labels,
    (label, i) => classOf(outputs.subarray(i * each, (i + 1) * each), threshold) === label,
  );
}

/** How far the right class is ahead of the next; 0 or less where another is taken for it. */
export function marginOf(outputs: Float32Array, label: number, threshold: number): number {
  if (outputs.length === 1) {
    const above = (outputs[0] as number) - threshold;
    return label === 1 ? above : -above;
  }
  const others = outputs.filter((_, i) => i !== label);
  return (outputs[label] as number) - Math.max(...others);
}
