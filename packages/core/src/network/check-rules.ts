import { BioflaxError } from "../errors";
import type { Layer } from "../layers/layer";
import type { Loss } from "../losses/loss";
import { getLoss, type LossName, losses } from "../losses/registry";
import type { Rule } from "../rules/rule";

/** @throws BioflaxError when a layer cannot learn by a rule, with the reason. */
export function checkRule(rule: Rule, layer: Layer): void {
  const reason =
    rule.refuses?.(layer) ??
    (layer.spec.feedbackConnections !== undefined && !rule.hasFeedback
      ? "feedbackConnections are for rules with feedback weights, and it has none"
      : undefined);
  if (reason !== undefined)
    throw new BioflaxError(
      `the rule "${rule.name}" cannot be used here: ${reason}. Change the option or the rule.`,
    );
}

/** @throws BioflaxError when a layer waits for an error that the layer above does not pass on. */
export function checkNeighbours(rules: readonly Rule[]): void {
  rules.forEach((rule, index) => {
    const above = rules[index + 1];
    if (above === undefined || rule.route.source !== "above" || above.route.source === "above")
      return;
    throw new BioflaxError(
      `Layer ${index}: the rule "${rule.name}" takes its error from the layer above, and that one, layer ${index + 1}, has the ` +
        `rule "${above.name}", which passes none on. Give layer ${index + 1} a rule whose errors travel layer by layer, or layer ` +
        `${index} one whose errors come straight from the output.`,
    );
  });
}

/** The losses that tell what part of the error the target makes up, for rules that send it. */
export const lossesWithTarget: readonly LossName[] = (
  Object.entries(losses) as [LossName, Loss][]
).flatMap(([name, { targetSignal }]) => (targetSignal === undefined ? [] : [name]));

/** @throws BioflaxError when a rule needs of a loss what it does not have. */
export function checkLoss(rules: readonly Rule[], name: string): void {
  if (getLoss(name).targetSignal !== undefined) return;
  const rule = rules.find(({ needsTarget }) => needsTarget);
  if (rule === undefined) return;
  throw new BioflaxError(
    `The rule "${rule.name}" sends the target in place of the error, and with the loss "${name}" the target says nothing of ` +
      `the error's sign. Use one of: ${lossesWithTarget.join(", ")}; or another rule.`,
  );
}
