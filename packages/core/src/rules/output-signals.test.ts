import { expect, test } from "@jest/globals";
import { float64Tensor, getLoss, getRule, type Rule, referenceOps } from "../index";

const output = float64Tensor([0.5, -1, 2, 0.1, 0.3, -0.7, 1.5, 0.2], [2, 4]);
const target = float64Tensor([1, 3], [2]);

/** What the output sends under a rule and a loss, in rows of one example. */
function sent({ outputSignal }: Rule, lossName: string): number[] {
  const loss = getLoss(lossName as "sigmoidCrossEntropy");
  const { error } = loss.evaluate(referenceOps, output, target);
  const signals = { error, target: loss.targetSignal?.(referenceOps, output, target) };
  return [...(outputSignal?.(referenceOps, signals) ?? error).data];
}

test.each(["softmaxCrossEntropy", "sigmoidCrossEntropy"])(
  "under %s, sdfa and drtp send as much an example: 1 / batch",
  (loss) => {
    const hot = [0, 1, 0, 0, 0, 0, 0, 1];
    expect(sent(getRule("sdfa"), loss)).toEqual(hot.map((t) => (t === 1 ? -1 / 2 : 1 / 2)));
    expect(sent(getRule("drtp"), loss)).toEqual(hot.map((t) => -t / 2));
  },
);
