import {
  type Float64Tensor,
  float64Tensor,
  type Loss,
  losses,
  type Random,
  referenceOps,
  type TargetKindName,
  targetKinds,
} from "@bioflax/core";
import { drawn, ensure, ensureClose, ensureFinite, numericalGradient, streamOf } from "./check";

const BATCH = 4;

/** Targets of each kind, for some outputs. */
const targetsOf: {
  readonly [Kind in TargetKindName]: (random: Random, outputs: number) => Float64Tensor;
} = {
  classes: (random, outputs) =>
    float64Tensor(
      Array.from({ length: BATCH }, () => random.below(Math.max(2, outputs))),
      [BATCH],
    ),
  distributions: (random, outputs) => {
    const rows = Array.from({ length: BATCH }, () => {
      const parts = Array.from({ length: outputs }, () => 0.1 + random.uniform());
      const sum = parts.reduce((total, part) => total + part, 0);
      return parts.map((part) => part / sum);
    });
    return float64Tensor(rows.flat(), [BATCH, outputs]);
  },
  probabilities: (random, outputs) =>
    float64Tensor(
      Array.from({ length: BATCH * outputs }, () => random.uniform()),
      [BATCH, outputs],
    ),
  values: (random, outputs) => drawn(random, [BATCH, outputs]),
};

const scalar = (x: Float64Tensor) => x.data[0] as number;
const numbers = (data: readonly number[], shape: readonly number[]) => float64Tensor(data, shape);

/** One loss with one kind of targets. */
function checkKind(loss: Loss, kind: TargetKindName, outputs: number, who: string): void {
  const random = streamOf(`${who} ${kind} ${outputs}`);
  const where = `with ${targetKinds[kind].title} and ${outputs} ${outputs === 1 ? "output" : "outputs"}`;
  const output = drawn(random, [BATCH, outputs]);
  const target = targetsOf[kind](random, outputs);
  const { value, error } = loss.evaluate(referenceOps, output, target);
  ensure(
    value.shape.length === 0,
    who,
    `its value ${where} has the shape [${value.shape}], expected a scalar.`,
  );
  const lossOf = (y: Float64Tensor) => scalar(loss.evaluate(referenceOps, y, target).value);
  ensureClose(
    who,
    `its error ${where}, by finite differences of its value,`,
    error,
    numericalGradient(lossOf, output),
  );
  const { values, errors } = loss.perExample(referenceOps, output, target);
  const mean = values.data.reduce((sum, x) => sum + x, 0) / BATCH;
  ensureClose(
    who,
    `the mean of its examples' losses ${where}`,
    numbers([mean], []),
    numbers([scalar(value)], []),
    1e-9,
  );
  ensureClose(
    who,
    `the mean of its examples' errors ${where}`,
    numbers(
      Array.from(errors.data, (x) => x / BATCH),
      [BATCH, outputs],
    ),
    error,
    1e-9,
  );
  const weights = numbers([0, 1, 2.5, 0.5], [BATCH, 1]);
  const weighted = loss.evaluate(referenceOps, output, target, weights);
  const expected = weights.data.reduce((sum, w, i) => sum + w * (values.data[i] as number), 0);
  ensureClose(
    who,
    `its value of weighted examples ${where}`,
    weighted.value,
    numbers([expected / BATCH], []),
    1e-9,
  );
  ensureClose(
    who,
    `its error of weighted examples ${where}`,
    weighted.error,
    numbers(
      Array.from(error.data, (x, i) => x * (weights.data[Math.floor(i / outputs)] as number)),
      [BATCH, outputs],
    ),
    1e-9,
  );
  ensure(
    loss.targetRows(referenceOps, output, target).shape.join() === `${BATCH},${outputs}`,
    who,
    `its targetRows ${where} are not of the output's shape.`,
  );
  ensureFinite(
    who,
    `its error for large outputs ${where}`,
    loss.evaluate(referenceOps, referenceOps.mul(output, 200), target).error,
  );
  if (loss.targetSignal !== undefined) {
    const other = targetsOf[kind](random, outputs);
    const restOf = (given: Float64Tensor) =>
      referenceOps.sub(
        referenceOps.mul(loss.evaluate(referenceOps, output, given).error, loss.divisor(outputs)),
        loss.targetSignal?.(referenceOps, output, given) as Float64Tensor,
      );
    ensureClose(
      who,
      `what is left of its error ${where} without its targetSignal, for other targets,`,
      restOf(other),
      restOf(target),
      1e-9,
    );
  }
}

/** How it reads outputs as probabilities. */
function checkProbabilities(loss: Loss, who: string): void {
  const ofLabels = loss.targets.some((kind) => kind !== "values");
  ensure(
    ofLabels === (loss.probabilities !== undefined),
    who,
    ofLabels
      ? `its targets are ${loss.targets.join(" or ")}, and it does not say how probable the outputs make them: it lacks "probabilities", which an "activation" gives it.`
      : 'it has "probabilities", and its targets are values.',
  );
  if (loss.probabilities === undefined) return;
  const output = drawn(streamOf(who), [BATCH, 3]);
  const told = loss.probabilities(referenceOps, output);
  ensure(
    told.shape.join() === output.shape.join(),
    who,
    `its probabilities have the shape [${told.shape}] for outputs of [${output.shape}].`,
  );
  if (loss.activation !== undefined)
    told.data.forEach((p, i) => {
      ensure(p >= 0 && p <= 1, who, `it makes the output ${output.data[i]} the probability ${p}.`);
    });
  if (loss.targets.includes("probabilities"))
    told.data.forEach((p, i) => {
      const z = output.data[i] as number;
      ensure(
        p > 0.5 === z > loss.threshold,
        who,
        `it makes the output ${z} the probability ${p}, and its threshold is ${loss.threshold}.`,
      );
    });
}

/**
 * What every loss has to be, for each kind of targets it takes: its error the derivative of its value, its value the
 * mean of its examples' losses, weighted or not, its target's part of the error the only one that depends on the
 * target; and to say how the outputs become probabilities where its targets are classes or labels.
 *
 * @param loss which is added to {@link losses}.
 * @throws Error saying what is wrong with it, and with which targets.
 */
export function lossContract(loss: Loss): void {
  losses.add(loss);
  const who = `The loss "${loss.name}"`;
  ensure(loss.targets.length > 0, who, "it takes no targets.");
  for (const kind of loss.targets)
    ensure(
      Object.hasOwn(targetKinds, kind),
      who,
      `it takes targets of the kind "${kind}", expected ${Object.keys(targetKinds).join(", ")}.`,
    );
  checkProbabilities(loss, who);
  const forms = [loss, ...(loss.smoothed === undefined ? [] : [loss.smoothed(0.2)])];
  forms.forEach((form, i) => {
    const name = i === 0 ? who : `${who}, smoothed,`;
    for (const kind of form.targets) {
      checkKind(form, kind, 3, name);
      if (form.targets.includes("probabilities") || kind === "values")
        checkKind(form, kind, 1, name);
    }
  });
}
