import {
  BioflaxError,
  createLearningRate,
  createOptimizer,
  type GivenOptimizer,
  type LearningRate,
  type Optimizer,
  type OptimizerSpec,
  optimizerSpecOf,
  optimizers,
  rateAt,
  sharedOptions,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { asItIs, assignAll } from "../base/assign-all";
import { constrained, isConstrained } from "../base/constraints";
import { decays } from "../base/decay";
import { tensorflowLibrary } from "../ops/tensorflow-library";
import { tfOps } from "../ops/tf-ops";
import { LoadedSlots, type NamedTensor } from "./loaded-slots";
import { isWorthwhile, stepInPlace } from "./native-updates";

/** A TensorFlow.js optimizer whose update rule is core's. Made by {@link optimizer}. */
export class BioflaxOptimizer extends tf.Optimizer {
  /** @nocollapse */
  static className = "BioflaxOptimizer";

  #spec: OptimizerSpec;
  #update: Optimizer;
  #rate: LearningRate;
  readonly #slots = new Map<string, tf.Variable[]>();
  /** What has been loaded for weights that have made no step since. */
  #loaded = new LoadedSlots([], []);

  constructor(given: GivenOptimizer) {
    super();
    const spec = optimizerSpecOf(given);
    this.#spec = spec;
    this.#update = createOptimizer(spec);
    this.#rate = createLearningRate(spec);
  }

  /** The step size η; with a schedule, the base rate that it multiplies. */
  get learningRate(): number {
    return this.#spec.learningRate;
  }

  /** Changes the step size from the next step on; with a schedule, the base rate that it multiplies. */
  setLearningRate(learningRate: number): void {
    this.#spec = { ...this.#spec, learningRate };
    this.#update = createOptimizer(this.#spec);
    this.#rate = createLearningRate(this.#spec);
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const list = Array.isArray(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
    const learning = list.flatMap(({ name, tensor }) => {
      const variable = tf.engine().registeredVariables[name];
      return tensor == null || variable === undefined ? [] : [{ variable, tensor }];
    });
    const fresh = learning.filter(({ variable }) => !this.#slots.has(variable.name));
    // Before any weight has changed.
    this.#loaded.check(
      fresh.map(({ variable }) => variable),
      this.#slots.size === 0,
    );
    this.takeStep(({ update }) => {
      const gradients = learning.map(({ tensor }) => asItIs(tensor));
      learning.forEach(({ variable }, i) => {
        update(variable, gradients[i] as tf.Tensor);
      });
    });
  }

  /**
   * Takes one step, counted, of whatever weights are updated in it.
   *
   * @param take is given the number of the step, its size, and what steps a weight by its gradient; its tensors are
   *   freed but for what it returns.
   */
  takeStep<Result extends tf.TensorContainer>(
    take: (step: {
      readonly step: tf.Tensor;
      readonly rate: number;
      readonly update: (variable: tf.Variable, gradient: tf.Tensor) => void;
    }) => Result,
  ): Result {
    const result = tf.tidy(() => {
      const step = tf.scalar(this.iterations + 1);
      const rate = rateAt(this.#rate, this.iterations);
      const update = (variable: tf.Variable, gradient: tf.Tensor) =>
        this.#step(variable, gradient, step, rate);
      return take({ step, rate, update });
    });
    this.incrementIterations();
    return result;
  }

  /** The names of what it remembers of each weight. */
  get slotNames(): readonly string[] {
    return this.#update.slots;
  }

  /** What it remembers of a weight, by name, zeros before its first step: its own variables, not to be disposed. */
  slotsOf(weight: tf.Variable): ReadonlyMap<string, tf.Variable> {
    const variables = tf.tidy(() => this.#variablesOf(weight));
    return new Map(this.#update.slots.map((name, i) => [name, variables[i] as tf.Variable]));
  }

  /** Goes on as if so many steps had been taken: what its schedule and Adam's corrections count. */
  setStepsTaken(steps: number): void {
    this.iterations_ = steps;
  }

  #step(variable: tf.Variable, gradient: tf.Tensor, step: tf.Tensor, rate: number): void {
    const slots = this.#variablesOf(variable);
    const weightDecay = decays(variable) ? (this.#spec.weightDecay ?? 0) : 0;
    const { fused } = this.#update;
    const library = tensorflowLibrary(tf);
    if (
      library !== undefined &&
      fused !== undefined &&
      weightDecay === 0 &&
      !isConstrained(variable) &&
      isWorthwhile(variable, slots)
    ) {
      const count = this.iterations + 1;
      stepInPlace(library, fused, [variable, ...slots], gradient, { rate, count });
      return;
    }
    tf.tidy(() => {
      const after = this.#update.update<tf.Tensor>(tfOps, {
        parameter: variable,
        gradient,
        slots,
        step,
        rate,
        weightDecay,
      });
      assignAll([
        { variable, value: constrained(variable, after.parameter) },
        ...slots.map((slot, i) => ({ variable: slot, value: after.slots[i] as tf.Tensor })),
      ]);
    });
  }

  #variablesOf(variable: tf.Variable): tf.Variable[] {
    let slots = this.#slots.get(variable.name);
    if (slots === undefined) {
      slots =
        this.#loaded.take(variable) ??
        this.#update.slots.map(() => tf.variable(tf.zerosLike(variable), false));
      this.#slots.set(variable.name, slots);
    }
    return slots;
  }

  /** Its state: the number of steps, then what it remembers of each weight, as `<weight>/<slot>`. */
  override async getWeights(): Promise<NamedTensor[]> {
    const slots = [...this.#slots].flatMap(([name, variables]) =>
      variables.map((tensor, i) => ({ name: `${name}/${this.#update.slots[i]}`, tensor })),
    );
    return [await this.saveIterations(), ...slots, ...this.#loaded.named];
  }

  /**
   * Takes up a saved state; it copies the tensors. What is remembered of a weight belongs to it by name, whichever are
   * frozen now: by that of its layer, and its own there.
   *
   * @param weights as {@link getWeights} gives them.
   * @throws BioflaxError for what another optimizer remembers; at the next step, for what belongs to another model.
   *   Nothing is changed then.
   */
  override async setWeights(weights: NamedTensor[]): Promise<void> {
    if (weights[0]?.name !== "iter")
      throw new BioflaxError(
        `BioflaxOptimizer: expected the state of an optimizer, which begins with its "iter", received ${weights[0]?.name ?? "none"}.`,
      );
    const loaded = new LoadedSlots(this.#update.slots, weights.slice(1));
    await this.extractIterations(weights);
    this.#disposeSlots();
    this.#loaded = loaded;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.#spec } as unknown as tf.serialization.ConfigDict;
  }

  /** @nocollapse */
  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    const { options } = optimizers.get(config.name as string);
    // What a file has beside is no misspelt option.
    const known = { name: true, schedule: true, ...sharedOptions, ...options };
    return new cls(
      Object.fromEntries(Object.entries(config).filter(([key]) => Object.hasOwn(known, key))),
    );
  }

  override dispose(): void {
    super.dispose();
    this.#disposeSlots();
  }

  #disposeSlots(): void {
    for (const slots of this.#slots.values()) tf.dispose(slots);
    this.#slots.clear();
    this.#loaded.dispose();
  }
}
tf.serialization.registerClass(BioflaxOptimizer as never);

/**
 * One of bioflax's optimizers for `model.compile`: optax's sgd, adam, adamw and rmsprop, and sgdw, with
 * decoupled weight decay.
 *
 * W ← (1 − λ)·W − η·step, with the same λ on kernels and learned feedback, never on biases or fixed feedback, so that
 * Kolen-Pollack's W − B shrinks by (1 − λ) a step. It keeps the constraints of bioflax's layers after every step, saves
 * with the model (`includeOptimizer`), and resumes where it was, in its schedule too.
 *
 * @param spec `{ name: "sgd" | "sgdw" | "adam" | "adamw" | "rmsprop", learningRate, schedule?, weightDecay?, momentum?,
 *   nesterov?, … }`; an optimizer or a schedule of one's own stands for its name.
 * @throws BioflaxError for what is no object, an unknown name or option, a setting that is not a finite number, or a
 *   schedule's option out of its range.
 * @example
 * const schedule = { name: "cosine", steps: 1000, warmup: { steps: 100 } } as const;
 * model.compile({ optimizer: optimizer({ name: "adam", learningRate: 0.01, schedule }), loss: loss("softmaxCrossEntropy") });
 */
export function optimizer(spec: GivenOptimizer): BioflaxOptimizer {
  return new BioflaxOptimizer(spec);
}
