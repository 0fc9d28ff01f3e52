import { BioflaxError, showValue } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** `classWeight` of each output, as TensorFlow.js deals it out; what it refuses for several outputs is left to it. */
function perOutput(given: unknown, names: readonly string[]): readonly unknown[] {
  if (given === undefined || given === null) return [];
  if (names.length > 1) {
    if (Array.isArray(given)) return given;
    return isObject(given) ? names.map((name) => given[name]) : [];
  }
  if (Array.isArray(given) && given.length <= 1) return given;
  const [name] = names as [string];
  return [isObject(given) && name in given ? given[name] : given];
}

/** Refuses weights of classes that are no numbers from 0, as a loss refuses such weights of examples. */
function checkClassWeight(classWeight: unknown, where: string): void {
  const expected = `${where}: expected a finite number from 0 for each class, such as { 0: 1, 1: 10 }, received `;
  if (!isObject(classWeight)) throw new BioflaxError(`${expected}${showValue(classWeight)}.`);
  for (const [name, weight] of Object.entries(classWeight)) {
    // One that is left out is missed by TensorFlow.js, where there are examples of the class.
    if (weight === undefined || weight === null) continue;
    if (!(Number.isFinite(weight) && (weight as number) >= 0))
      throw new BioflaxError(`${expected}${showValue(weight)} for class ${showValue(name)}.`);
  }
}

/**
 * Refuses rows of targets that are of no one class, whose weight TensorFlow.js takes for that of their largest number.
 */
async function checkOneHot(target: unknown, where: string): Promise<void> {
  if (!(target instanceof tf.Tensor) || target.rank !== 2 || target.shape[1] === 1) return;
  const isOneHot = tf.tidy(() => {
    const rest = (target.shape[1] as number) - 1;
    const count = (value: number) => tf.sum(tf.cast(tf.equal(target, value), "int32"), 1);
    return tf.logicalAnd(tf.equal(count(1), 1), tf.equal(count(0), rest));
  });
  const row = (await isOneHot.data()).indexOf(0);
  isOneHot.dispose();
  if (row < 0) return;
  throw new BioflaxError(
    `${where}: expected one-hot rows, each of one class, and row ${row} of the targets is not one. TensorFlow.js would weight it by the ` +
      "class of its largest number. Leave classWeight out, or take the loss's third argument, the weights of examples, in a loop of your own.",
  );
}

/**
 * Checks `classWeight` of `fit` for the outputs whose loss is bioflax's.
 *
 * @returns a check of targets, of one output or a list or a record of several, where the weights are not for any.
 */
function checkClassWeights(
  { lossFunctions, outputNames }: tf.LayersModel,
  given: unknown,
  isOurs: (loss: unknown) => boolean,
): (targets: unknown) => Promise<void> {
  const weights = perOutput(given, outputNames);
  const checks = outputNames.flatMap((name, i) => {
    const classWeight = weights[i];
    if (classWeight === undefined || classWeight === null || !isOurs(lossFunctions[i])) return [];
    const where = `classWeight of the output "${name}"`;
    checkClassWeight(classWeight, where);
    // Where all count the same, it does not matter which class a row is taken for.
    return new Set(Object.values(classWeight)).size > 1 ? [{ name, i, where }] : [];
  });
  return async (targets) => {
    for (const { name, i, where } of checks) {
      const several = targets as Readonly<Record<string | number, unknown>>;
      const one = Array.isArray(targets) ? several[i] : several[name];
      await checkOneHot(targets instanceof tf.Tensor ? targets : one, where);
    }
  };
}

/**
 * Has `fit` and `fitDataset` refuse a `classWeight` that would turn losses into NaN or have a model unlearn, and
 * targets whose rows it is not for. TensorFlow.js checks neither, and multiplies losses where they do not see by what.
 *
 * @param isOurs whether a function that a model was compiled with is one of bioflax's losses.
 */
export function checkClassWeightsInFit(isOurs: (loss: unknown) => boolean): void {
  const { fit, fitDataset } = tf.LayersModel.prototype;
  // Sequential models fit one of these.
  tf.LayersModel.prototype.fit = async function (this: tf.LayersModel, x, y, args) {
    if (args?.classWeight != null && this.lossFunctions !== undefined)
      await checkClassWeights(this, args.classWeight, isOurs)(y);
    return fit.call(this, x, y, args);
  };
  tf.LayersModel.prototype.fitDataset = async function (this: tf.LayersModel, dataset, args) {
    if (args?.classWeight == null || this.lossFunctions === undefined)
      return fitDataset.call(this, dataset, args as never);
    const check = checkClassWeights(this, args.classWeight, isOurs);
    const iterator = async () => {
      const batches = await dataset.iterator();
      const next = async () => {
        const result = await batches.next();
        if (!result.done) await check((result.value as { ys?: unknown }).ys ?? {});
        return result;
      };
      return { next };
    };
    // It is read by its iterator and its size alone.
    const checked = Object.create(dataset, { iterator: { value: iterator } }) as typeof dataset;
    return fitDataset.call(this, checked, args as never);
  } as typeof fitDataset;
}
