import { BioflaxError } from "../errors";
import type { KernelLayer, Layer } from "../layers/layer";
import { refusalOf } from "../layers/options";
import { type GivenLoss, getLoss, losses, lossNameOf } from "../losses/registry";
import { shapeOps } from "../ops/shape-ops";
import { showShape } from "../ops/shapes";
import type { Rule } from "../rules/rule";
import type { ParameterInfo } from "./network";
import type { Wiring } from "./wiring";

/** @throws BioflaxError when a layer cannot learn by a rule, with the reason. */
export function checkRule(rule: Rule, layer: KernelLayer): void {
  const reason = layer.refuses?.(rule) ?? rule.refuses?.(layer) ?? refusalOf(layer.spec, rule);
  if (reason !== undefined)
    throw new BioflaxError(
      `the rule "${rule.name}" cannot be used here: ${reason}. Change the option or the rule.`,
    );
}

/** @throws BioflaxError when a layer waits for an error that the layers above do not pass on. */
export function checkReached(
  layers: readonly Layer[],
  rules: readonly (Rule | undefined)[],
  { consumers }: Wiring,
  reached: readonly boolean[],
): void {
  // From the output on, so that the layer right below the one that passes nothing on is named.
  for (let index = layers.length - 1; index >= 0; index--) {
    if (reached[index] || !layers[index]?.hasKernel) continue;
    let above = consumers[index]?.[0] as number;
    while (rules[above] === undefined) above = consumers[above]?.[0] as number;
    throw new BioflaxError(
      `Layer ${index}: the rule "${rules[index]?.name}" takes its error from the layer above, and that one, layer ${above}, has the ` +
        `rule "${rules[above]?.name}", which passes none on. Give layer ${above} a rule whose errors travel layer by layer, or layer ` +
        `${index} one whose errors come straight from the output.`,
    );
  }
}

/** @throws BioflaxError when a recurrent layer is to learn from its own error sent straight to its steps. */
export function checkOutputLayer(
  layers: readonly Layer[],
  rules: readonly (Rule | undefined)[],
  output: number | undefined,
): void {
  const layer = output === undefined ? undefined : layers[output];
  const rule = output === undefined ? undefined : rules[output];
  if (!layer?.hasKernel || layer.recurrence === undefined || rule?.route.source !== "output")
    return;
  throw new BioflaxError(
    `Layer ${output}: expected a layer without steps at the output, whose error the rule "${rule.name}" sends straight to the steps of those below, received ` +
      `"${layer.spec.type}". Put a dense layer after it, or give it a rule whose errors travel layer by layer.`,
  );
}

/** @throws BioflaxError when some layers are to learn from a second pass, and others are not. */
export function checkSecondPass(
  layers: readonly Layer[],
  rules: readonly (Rule | undefined)[],
): void {
  const one = rules.find((rule) => rule?.route.source === "input");
  if (one === undefined) return;
  const other = layers.findIndex(
    ({ hasKernel }, index) => hasKernel && rules[index]?.route.source !== "input",
  );
  if (other >= 0)
    throw new BioflaxError(
      `Layer ${other}: expected the rule "${one.name}", which sends the data through the whole network a second time, so that all layers with a kernel learn ` +
        `by it, received "${rules[other]?.name}". Use one of them for all.`,
    );
}

/** @throws BioflaxError when feedback weights are to be aligned with forward weights that there are not. */
export function checkAlignments(
  layers: readonly Layer[],
  rules: readonly (Rule | undefined)[],
  parameters: readonly ParameterInfo[],
): void {
  const contexts = layers.map((layer, index) =>
    layer.hasKernel
      ? { layer, rule: rules[index] as Rule, parameters: { kernel: layer.kernelShape } }
      : undefined,
  );
  for (const { layer, structure } of parameters) {
    if (structure?.alignment === undefined) continue;
    const rule = rules[layer] as Rule;
    if (rule.route.forwardEquivalent(shapeOps, contexts, layer) === undefined)
      throw new BioflaxError(
        `Layer ${layer}: feedbackAlignment: expected dense layers alone from this one to the output, whose product the feedback weights of ` +
          `the rule "${rule.name}" stand for, received others, too. Leave it out here, or use a rule whose errors travel layer by layer.`,
      );
  }
}

/** @throws BioflaxError when a network puts out something else than a vector, which is what losses take. */
export function checkOutput(layers: readonly Layer[]): void {
  const { outputShape } = layers.at(-1) as Layer;
  if (outputShape.length === 1) return;
  throw new BioflaxError(
    `Network: expected the last layer to put out a vector, received ${showShape(outputShape)}. Flatten it, or pool it globally.`,
  );
}

/** The losses that tell what part of the error the target makes up, for rules that send it. */
export function lossesWithTarget(): string[] {
  return [...losses].flatMap(({ name, targetSignal }) => (targetSignal ? [name] : []));
}

/** @throws BioflaxError when a rule needs of a loss what it does not have. */
export function checkLoss(rules: readonly (Rule | undefined)[], loss: GivenLoss): void {
  if (getLoss(loss).targetSignal !== undefined) return;
  const rule = rules.find((own) => own?.needsTarget);
  if (rule === undefined) return;
  throw new BioflaxError(
    `The rule "${rule.name}" sends the target in place of the error, and with the loss "${lossNameOf(loss)}" the target says nothing of ` +
      `the error's sign. Use one of: ${lossesWithTarget().join(", ")}; or another rule.`,
  );
}
