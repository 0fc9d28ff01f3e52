import { BioflaxError, sameShape, showShape } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";

/** A tensor as optimizers save it. */
export type NamedTensor = { name: string; tensor: tf.Tensor };

/** A weight's name as its layer gives it: TensorFlow.js adds a number where a process has had the name before. */
const given = (name: string) => name.replace(/_\d+$/, "");

/** Some names, as the middle of a sentence. */
const some = (names: readonly string[]) =>
  `${names
    .slice(0, 3)
    .map((name) => `"${name}"`)
    .join(", ")}${names.length > 3 ? ", …" : ""}`;

function fail(message: string): never {
  throw new BioflaxError(`BioflaxOptimizer: ${message}`);
}

/** What an optimizer remembered when it was saved, weight by weight, until the weights ask for it. */
export class LoadedSlots {
  readonly #slots: readonly string[];
  readonly #weights = new Map<string, readonly tf.Variable[]>();

  /**
   * @param slots what the optimizer remembers of each weight.
   * @param saved the tensors, called `<weight>/<slot>`; they are copied.
   * @throws BioflaxError unless they are just these slots of each weight.
   */
  constructor(slots: readonly string[], saved: readonly NamedTensor[]) {
    this.#slots = slots;
    const tensors = new Map(saved.map(({ name, tensor }) => [name, tensor]));
    const weights = new Set(saved.map(({ name }) => name.slice(0, name.lastIndexOf("/"))));
    const expected = [...weights].flatMap((weight) => slots.map((slot) => `${weight}/${slot}`));
    const missing = expected.find((name) => !tensors.has(name));
    const extra = saved.find(({ name }) => !expected.includes(name))?.name;
    if (missing !== undefined || extra !== undefined || tensors.size !== saved.length)
      fail(
        `expected the state of this optimizer, ${slots.map((slot) => `<weight>/${slot}`).join(" and ") || "nothing"} for each ` +
          `weight, ${extra === undefined ? `but "${missing}" is missing` : `received "${extra}"`}; it belongs to another optimizer.`,
      );
    for (const weight of weights)
      this.#weights.set(
        weight,
        slots.map((slot) => tf.variable(tensors.get(`${weight}/${slot}`) as tf.Tensor, false)),
      );
  }

  /** What is still there, as it is saved. */
  get named(): NamedTensor[] {
    return [...this.#weights].flatMap(([weight, variables]) =>
      variables.map((tensor, i) => ({ name: `${weight}/${this.#slots[i]}`, tensor })),
    );
  }

  /**
   * Checks, before any is taken, that it is of the model of some weights that are to learn.
   *
   * Of some there may be nothing, and for some there may be no weight: what was frozen then, or is now.
   *
   * @param isFirst whether they are to make the first step since it was loaded.
   * @throws BioflaxError where it is another model's: a weight has another shape, or at first none of their names is
   *   there.
   */
  check(weights: readonly tf.Variable[], isFirst: boolean): void {
    if (this.#weights.size === 0) return;
    const found = weights.filter((weight) => this.#find(weight) !== undefined);
    for (const weight of found) this.#checkShape(weight);
    if (!isFirst || found.length > 0 || weights.length === 0) return;
    const saved = [...this.#weights.keys()];
    const message =
      `the loaded state is of the weights ${some(saved)}, and of ${some(weights.map(({ name }) => name))}, which are learning, it ` +
      "has none";
    const present = new Set(Object.keys(tf.engine().registeredVariables).map(given));
    if (!saved.some((name) => present.has(given(name))))
      fail(`${message}; it belongs to another model. Give the layers the names they had.`);
    console.warn(
      `BioflaxOptimizer: ${message}: these start without. If they should not, give the layers the names they had.`,
    );
  }

  /** What was remembered of a weight, which is then the caller's; undefined where there is nothing. */
  take(weight: tf.Variable): tf.Variable[] | undefined {
    const name = this.#find(weight);
    if (name === undefined) return undefined;
    this.#checkShape(weight);
    const slots = [...(this.#weights.get(name) as readonly tf.Variable[])];
    this.#weights.delete(name);
    return slots;
  }

  /** Frees what is still there. */
  dispose(): void {
    for (const variables of this.#weights.values()) tf.dispose([...variables]);
    this.#weights.clear();
  }

  /** The name under which a weight was saved, perhaps by another process, in which other names were taken. */
  #find({ name }: tf.Variable): string | undefined {
    if (this.#weights.has(name)) return name;
    const alike = [...this.#weights.keys()].filter((saved) => given(saved) === given(name));
    if (alike.length > 1)
      fail(
        `the loaded state has ${some(alike)}, and it cannot be told which of them is "${name}". Give the layers names of their own.`,
      );
    return alike[0];
  }

  #checkShape(weight: tf.Variable): void {
    const name = this.#find(weight) as string;
    for (const { shape } of this.#weights.get(name) as readonly tf.Variable[])
      if (!sameShape(shape, weight.shape))
        fail(
          `the loaded state of "${name}" has the shape ${showShape(shape)}, but its weight "${weight.name}" ` +
            `${showShape(weight.shape)}; it belongs to another model.`,
        );
  }
}
