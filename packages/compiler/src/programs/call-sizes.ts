import { type Network, sizeOf, type Trainable } from "@bioflax/core";

/** How long one call should take: long enough to cost nothing, short enough to stop. */
export const CALL_MILLISECONDS = 250;
/** How many steps are timed first. */
const FIRST_STEPS = 8;
/** Products of weights and inputs that a step takes long for: a second or so. */
const MANY_PRODUCTS = 2 ** 31;

/** Products of weights and inputs that take a step no longer than its nodes do. */
const QUICK_PRODUCTS = 2 ** 18;

const productsOf = ({ network }: Pick<Trainable, "network">, batchSize: number) =>
  batchSize * network.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

/** Whether a step is known to take long, so that the first call is one step to see how long. */
export const isSlow = (trainable: Pick<Trainable, "network">, batchSize: number): boolean =>
  productsOf(trainable, batchSize) > MANY_PRODUCTS;

/** Whether a step is known to take some microseconds: dense layers of few weights. */
export const isQuick = (trainable: Pick<Trainable, "network">, batchSize: number): boolean =>
  productsOf(trainable, batchSize) < QUICK_PRODUCTS &&
  trainable.network.parameters.every(({ shape }) => shape.length <= 2);

/** Whether a network has convolutions. */
export const convolves = ({ parameters }: Network): boolean =>
  parameters.some(({ role, shape }) => role === "kernel" && shape.length > 2);

/** Products of weights and inputs up to which what a step takes is mostly not in them. */
const FEW_PRODUCTS = 2 ** 20;

/**
 * Whether replicas train faster as one, a step of all in one graph, than one after another: where what there is beside
 * the products counts. Larger ones have their weights in the caches from step to step when they train by themselves.
 */
export function trainsBestAsOne(trainable: Pick<Trainable, "network">, batchSize: number): boolean {
  return !convolves(trainable.network) && productsOf(trainable, batchSize) <= FEW_PRODUCTS;
}

/** How many steps fit the time a call should take, by how long those before took. */
export class FittingSteps {
  readonly #milliseconds: number;
  #fitting: number;

  constructor({ isSlow = false, milliseconds = CALL_MILLISECONDS } = {}) {
    this.#milliseconds = milliseconds;
    this.#fitting = isSlow ? 1 : FIRST_STEPS;
  }

  /** How many; below one where not even one does. */
  get count(): number {
    return this.#fitting;
  }

  /** Is told how long a call of full batches took. */
  took(steps: number, milliseconds: number): void {
    this.#fitting = (steps * this.#milliseconds) / milliseconds;
  }
}
