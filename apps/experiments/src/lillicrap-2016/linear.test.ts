import { expect, test } from "@jest/globals";
import { learnLinear } from "./linear";

const setting = { examples: 1500, rate: 0.002 };
const seeds = [0, 1, 2, 3];

test("feedback alignment learns it as backpropagation does, and its errors turn towards backpropagation's", async () => {
  for (const seed of seeds) {
    const [bp, fa] = [
      await learnLinear("bp", { ...setting, seed }),
      await learnLinear("fa", { ...setting, seed }),
    ];
    const at = (examples: number) => fa.examples.indexOf(examples);
    // Both from answers that are 0 to hundredths of the error.
    for (const { error } of [bp, fa]) {
      expect(error[0]).toBeGreaterThan(0.9);
      expect(error.at(-1)).toBeLessThan(0.02);
    }
    // From nearly a right angle, when W is as good as 0, to what lets errors teach.
    expect(fa.angle[0]).toBeGreaterThan(55);
    expect(fa.angle[at(400)]).toBeLessThan(50);
    expect(fa.angle.at(-1)).toBeLessThan(45);
    // Backpropagation's own is none.
    for (const angle of bp.angle) expect(angle).toBeCloseTo(0, 1);
  }
});
