import { expect, test } from "@jest/globals";
import { commandsOf } from "../src/settings/command";
import { consistent, defaults } from "../src/settings/settings";

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
  const without = consistent({ ...defaults, rules: ["bp"], data: "teacher", hidden: [] });
  expect(commandsOf(without, 1)).toContain(
    "--dataset teacher --seq-len 8 --output-features 4 --mode bp --hidden-layers --activations --optimizer",
  );
});

test("rules of layers, the scale of feedback and convolutions are settings of the command, too", () => {
  const mixed = { ...defaults, rules: ["dfa"], layerRules: ["same", "same", "bp"] };
  expect(commandsOf({ ...mixed, feedbackScale: 0.5 }, 1)).toMatch(
    /--mode dfa --layer-modes dfa dfa bp --hidden-layers .* --batch-size 32 --scale-b 0.5 --epochs 1 /,
  );
  expect(commandsOf({ ...defaults, rules: ["fa"], data: "digits", model: "lenet5" }, 1)).toContain(
    "--dataset npz --data-dir digits.npz --val-split 0 --mode fa --model lenet5 --optimizer",
  );
});

test("a table is read from its file, as one of classes or of values, once it is there", () => {
  const settings = { ...defaults, rules: ["fa"], data: "csv" } as const;
  expect(commandsOf(settings, 1)).toBeUndefined();
  const table = { columns: ["x", "y"], features: Float32Array.of(1), targets: Float32Array.of(0) };
  expect(commandsOf(settings, 1, { ...table, classNames: ["a", "b"], file: "own.csv" })).toContain(
    "train --dataset table --data-dir own-standardised.csv --val-split 0 --mode fa --hidden-layers",
  );
  expect(commandsOf(settings, 1, table)).toContain(
    "train --dataset table-values --data-dir table-standardised.csv --val-split 0 --mode fa",
  );
});
