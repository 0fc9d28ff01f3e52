import { sizeOf, type Trainable } from "@bioflax/core";

/** How long one call should take: long enough to cost nothing, short enough to stop. */
const CALL_MILLISECONDS = 250;
/** How many steps are timed first. */
const FIRST_STEPS = 8;
/** Products of weights and inputs that a step takes long for: a second or so. */
const MANY_PRODUCTS = 2 ** 31;

/** Products of weights and inputs that take a step no longer than its nodes do. */
const FEW_PRODUCTS = 2 ** 18;

const productsOf = ({ network }: Pick<Trainable, "network">, batchSize: number) =>
  batchSize * network.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

/** Whether a step is known to take long, so that the first call is one step to see how long. */
export const isSlow = (trainable: Pick<Trainable, "network">, batchSize: number): boolean =>
  productsOf(trainable, batchSize) > MANY_PRODUCTS;

/** Whether a step is known to take some microseconds: dense layers of few weights. */
export const isQuick = (trainable: Pick<Trainable, "network">, batchSize: number): boolean =>
  productsOf(trainable, batchSize) < FEW_PRODUCTS &&
  trainable.network.parameters.every(({ shape }) => shape.length <= 2);

/** How many steps fit the time a call should take, by how long those before took. */
export class FittingSteps {
  #fitting: number;

  constructor({ isSlow = false } = {}) {
    this.#fitting = isSlow ? 1 : FIRST_STEPS;
  }

  /** How many; below one where not even one does. */
  get count(): number {
    return this.#fitting;
  }

  /** Is told how long a call of full batches took. */
  took(steps: number, milliseconds: number): void {
    this.#fitting = (steps * CALL_MILLISECONDS) / milliseconds;
  }
}
