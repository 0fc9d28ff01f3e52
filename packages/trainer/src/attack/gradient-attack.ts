import { Random } from "@bioflax/core";
import type { Norm } from "./norms";
import { type AttackTarget, clip, everyOne, rightOnes } from "./target";

/** How the loss is climbed. */
export interface Ascent {
  readonly norm: Norm;
  /** How far an example may be moved. */
  readonly eps: number;
  readonly steps: number;
  readonly stepSize: number;
  /** How many random places within ε to start from, one after another; 0: from the example itself. */
  readonly starts: number;
  readonly seed: number;
  /** The number of the first example, by which its random numbers are known however examples are cut. */
  readonly first: number;
}

/**
 * Adversarial examples by climbing the loss: x ← clip(project(x + α·direction of ∂L/∂x)).
 *
 * One step of length ε from the example itself is the fast gradient sign method (Goodfellow, Shlens & Szegedy 2015,
 * "Explaining and harnessing adversarial examples", ICLR); several, from random places, projected gradient descent
 * (Madry, Makelov, Schmidt, Tsipras & Vladu 2018, "Towards deep learning models resistant to adversarial attacks",
 * ICLR).
 *
 * @returns an example for each: of the first start that misleads the network, or else of the last.
 */
export async function climbLoss(
  target: AttackTarget,
  { starts, ...ascent }: Ascent,
): Promise<Float32Array> {
  if (starts === 0) return climbFrom(target, ascent, target.originals.slice());
  const { labels, size, threshold } = target;
  const found = new Float32Array(target.originals.length);
  const isMisled = Array.from(labels, () => false);
  for (let start = 0; start < starts; start++) {
    const x = await climbFrom(target, ascent, scattered(target, ascent, start));
    const right = rightOnes(await target.outputs(x, everyOne(target)), labels, threshold);
    for (const [i, isRight] of right.entries()) {
      if (isMisled[i]) continue;
      found.set(x.subarray(i * size, (i + 1) * size), i * size);
      isMisled[i] = !isRight;
    }
  }
  return found;
}

/** A random place near each example. */
function scattered(
  { originals, size, bounds }: AttackTarget,
  { norm, eps, seed, first }: Omit<Ascent, "starts">,
  start: number,
): Float32Array {
  const x = originals.slice();
  for (let i = 0; i < x.length / size; i++)
    norm.scatter(
      x.subarray(i * size, (i + 1) * size),
      eps,
      new Random(seed, "attack", start, first + i),
    );
  clip(x, bounds);
  return x;
}

async function climbFrom(
  target: AttackTarget,
  { norm, eps, steps, stepSize }: Omit<Ascent, "starts">,
  from: Float32Array,
): Promise<Float32Array> {
  const { originals, size, bounds } = target;
  let x = from;
  for (let step = 0; step < steps; step++) {
    const gradients = await target.gradients(x);
    // A copy: a device may still hold the one before.
    x = x.slice();
    norm.move(x, gradients, stepSize, size);
    norm.project(x, originals, eps, size);
    clip(x, bounds);
  }
  return x;
}
