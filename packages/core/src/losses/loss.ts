import { type ActivationName, getActivation } from "../activations/registry";
import { BioflaxError } from "../errors";
import { returned } from "../ops/returned";
import type { TensorOps } from "../ops/tensor-ops";
import type { Definition, OpenName } from "../registry";
import { showValue } from "../show-value";
import { type TargetKindName, targetKinds } from "./target-kinds";

/**
 * A loss: a number for each example, their mean over the batch, and the error signal that sends into the network.
 *
 * Targets come in one of two forms: class numbers, int32 [batch], or rows, float32 [batch, outputs]; `readTargets` says
 * which. With `weights`, [batch, 1], each example's loss, error and target signal are multiplied by its own. The mean
 * is over the number of examples all the same, as it is in TensorFlow.js and Keras, so that an example of weight 2
 * counts as two.
 */
export interface Loss extends Definition {
  /** The kinds of targets it takes; where a shape is that of several, the first. */
  readonly targets: readonly TargetKindName[];
  /**
   * The activation that the loss takes of the outputs itself, so that they are logits; none where they are what they
   * are.
   */
  readonly activation?: OpenName<ActivationName>;
  /**
   * How probable each class or label is that the outputs tell: [batch, outputs] → [batch, outputs]. A loss of values
   * alone, which tells neither, leaves it out.
   */
  probabilities?<T>(ops: TensorOps<T>, output: T): T;
  /** The output above which a label is more probable than not. */
  readonly threshold: number;
  /**
   * The mean loss of a batch and its gradient at the network's output.
   *
   * @param output the network's output, [batch, outputs].
   * @returns value: a scalar; error: δ = ∂value/∂output, [batch, outputs].
   */
  evaluate<T>(ops: TensorOps<T>, output: T, target: T, weights?: T): { value: T; error: T };
  /**
   * The loss of each example and its gradient.
   *
   * @returns values: [batch]; errors: ∂values[i]/∂output[i], [batch, outputs].
   */
  perExample<T>(ops: TensorOps<T>, output: T, target: T): { values: T; errors: T };
  /**
   * What the outputs are to be: targets of either form as the loss has them, smoothed where it smooths, [batch,
   * outputs].
   */
  targetRows<T>(ops: TensorOps<T>, output: T, target: T): T;
  /** How many outputs share in one example's loss where it is a mean over them; 1 where it is their sum. */
  divisor(outputs: number): number;
  /**
   * What the target alone makes up of (y − t) / batch, −t / batch: [batch, outputs]. δ has it over {@link divisor}. A
   * loss leaves it out where the target says nothing of the error's sign.
   */
  targetSignal?<T>(ops: TensorOps<T>, output: T, target: T, weights?: T): T;
  /**
   * This loss with smoothed labels (Szegedy et al. 2016, section 7): of each target the part α is the same for every
   * class. A loss of values leaves it out.
   *
   * @param labelSmoothing α, from 0 up to, but not including, 1.
   */
  smoothed?(labelSmoothing: number): Loss;
  /**
   * How far a training step moves each number of its inputs up the loss before it learns from them: x + ε·sign ∂L/∂x,
   * and from nothing else (adversarial training: Goodfellow, Shlens & Szegedy 2015, as Nøkland 2016 has it). The unit is
   * that of what the network sees. It learns from the inputs as they are when left out.
   */
  readonly adversarialEps?: number;
}

/** What makes one loss different from another. */
export interface LossDefinition
  extends Definition,
    Pick<Loss, "targets" | "activation" | "probabilities"> {
  /** The output above which a label is more probable than not; 0 of logits, else 1/2. */
  readonly threshold?: number;
  /**
   * What each output adds to its example's loss, and the gradient of what its example's elements come to.
   *
   * An example's loss is `factor` times the sum of its `elements`, over `divisor`; its gradient is `error` over
   * `divisor`.
   *
   * @param target what the outputs are to be, [batch, outputs].
   * @returns all [batch, outputs].
   */
  elements<T>(ops: TensorOps<T>, output: T, target: T): { elements: T; error: T };
  readonly factor: number;
  /** How many outputs share in one example's loss where it is a mean over them; 1 where it is their sum. */
  divisor(outputs: number): number;
  /**
   * What each output's target would be if α of smoothed labels were 1; a loss of values has none, and a target that
   * tells no sign.
   */
  even?(outputs: number): number;
}

/** How outputs tell probabilities, if they do. */
function probabilitiesOf({
  name,
  targets,
  activation,
  probabilities,
}: LossDefinition): Loss["probabilities"] {
  if (targets.every((kind) => kind === "values")) return undefined;
  if (probabilities !== undefined) return probabilities;
  if (activation === undefined)
    throw new BioflaxError(
      `Loss "${name}": expected its definition to say how probable the outputs make a class, as its targets are ${targets.join(" or ")}, ` +
        'received neither "activation" nor "probabilities".',
    );
  return (ops, output) => getActivation(activation).forward(ops, output);
}

/** @throws BioflaxError for a definition without what an engine would miss in the middle of a step. */
function checkDefinition({ name, targets, elements, factor, divisor }: LossDefinition): void {
  const kinds = Object.keys(targetKinds);
  const refuse = (expected: string, value: unknown) => {
    throw new BioflaxError(
      `Loss "${name}": expected its definition to have ${expected}, received ${value === undefined ? "none" : showValue(value)}.`,
    );
  };
  if (
    !Array.isArray(targets) ||
    targets.length === 0 ||
    !targets.every((kind) => kinds.includes(kind))
  )
    refuse(`"targets", a list of ${kinds.join(", ")}`, targets);
  if (typeof elements !== "function") refuse('"elements", a function', elements);
  if (!Number.isFinite(factor)) refuse('"factor", a finite number', factor);
  if (typeof divisor !== "function") refuse('"divisor", a function', divisor);
}

/**
 * A loss by what makes it different from others.
 *
 * @param labelSmoothing α of smoothed labels.
 * @throws BioflaxError where it takes labels or classes and does not say how outputs become their probabilities.
 */
export function defineLoss(definition: LossDefinition, labelSmoothing = 0): Loss {
  checkDefinition(definition);
  const { name, aliases, targets, activation, factor, divisor, even } = definition;
  const { threshold = activation === undefined ? 1 / 2 : 0 } = definition;
  const probabilities = probabilitiesOf(definition);
  const shapeOf = <T>(ops: TensorOps<T>, output: T) => ops.shape(output) as [number, number];

  /** Targets of either form as rows. */
  function targetRows<T>(ops: TensorOps<T>, output: T, target: T): T {
    const [, outputs] = shapeOf(ops, output);
    const rows = ops.shape(target).length === 1 ? fromLabels(ops, target, outputs) : target;
    if (labelSmoothing === 0 || even === undefined) return rows;
    return ops.add(ops.mul(rows, 1 - labelSmoothing), labelSmoothing * even(outputs));
  }

  /** Class numbers as rows: one-hot; or where the one output says how likely 1 is rather than 0, the number itself. */
  function fromLabels<T>(ops: TensorOps<T>, labels: T, outputs: number): T {
    const oneHot = ops.oneHot(labels, outputs);
    return outputs === 1 && targets.includes("probabilities") ? ops.sub(1, oneHot) : oneHot;
  }

  /** What each output adds to the loss, and its error. */
  function elements<T>(ops: TensorOps<T>, output: T, target: T): { elements: T; error: T } {
    const made = definition.elements(ops, output, targetRows(ops, output, target));
    const shape = ops.shape(output);
    const part = (of: "elements" | "error") =>
      returned(ops, made?.[of], shape, `Loss "${name}": the "${of}" of its elements`);
    return { elements: part("elements"), error: part("error") };
  }

  /** A tensor times a number that is the same for all examples, and each example's weight. */
  const scaled = <T>(ops: TensorOps<T>, x: T, by: number, weights: T | undefined): T =>
    ops.mul(x, weights === undefined ? by : ops.mul(weights, by));

  return {
    name,
    targets,
    ...(aliases && { aliases }),
    ...(activation && { activation }),
    ...(probabilities && { probabilities }),
    threshold,
    divisor,
    targetRows,
    evaluate(ops, output, target, weights) {
      const [batch, outputs] = shapeOf(ops, output);
      const size = batch * divisor(outputs);
      const { elements: terms, error } = elements(ops, output, target);
      return {
        value:
          weights === undefined
            ? ops.mul(ops.sum(terms), factor / size)
            : ops.sum(scaled(ops, terms, factor / size, weights)),
        error: scaled(ops, error, 1 / size, weights),
      };
    },
    perExample(ops, output, target) {
      const size = divisor(shapeOf(ops, output)[1]);
      const { elements: terms, error } = elements(ops, output, target);
      return {
        values: ops.mul(ops.sum(terms, [1]), factor / size),
        errors: ops.mul(error, 1 / size),
      };
    },
    ...(even && {
      targetSignal<T>(ops: TensorOps<T>, output: T, target: T, weights?: T): T {
        const [batch] = shapeOf(ops, output);
        return scaled(ops, targetRows(ops, output, target), -1 / batch, weights);
      },
      smoothed: (alpha: number) => defineLoss(definition, alpha),
    }),
  };
}
