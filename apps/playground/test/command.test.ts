import { expect, test } from "@jest/globals";
import { commandsOf } from "../src/settings/command";
import { defaults } from "../src/settings/settings";

test("a run is a command a rule, with all of its settings", () => {
  expect(commandsOf({ ...defaults, rules: ["fa", "dkp"], weightDecay: 1e-5 }, 3)).toBe(
    ["fa", "dkp"]
      .map(
        (rule) =>
          `npx --ignore-scripts bioflax train --dataset spirals --classes 3 --mode ${rule} --hidden-layers 24 16 ` +
          "--activations tanh tanh --optimizer sgd --lr 0.3 --weight-decay 0.00001 --batch-size 32 --epochs 3 --seed 1",
      )
      .join("\n"),
  );
  expect(commandsOf({ ...defaults, rules: ["bp"], data: "teacher", hidden: [] }, 1)).toContain(
    "--dataset teacher --seq-len 8 --output-features 4 --mode bp --hidden-layers --activations --optimizer",
  );
});
