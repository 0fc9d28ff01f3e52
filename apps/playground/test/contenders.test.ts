import { expect, test } from "@jest/globals";
import { type Contest, compiled, tensorflow } from "../src/beside/contenders";
import { measure, ROUNDS } from "../src/beside/measure";
import { consistent, defaults, type Settings } from "../src/settings/settings";
import { type DrawnName, drawnDataset, experimentOf } from "../src/training/experiment";

function contest(part: Partial<Settings>): Contest {
  const settings = consistent({ ...defaults, ...part });
  const data = drawnDataset(settings.data as DrawnName, settings);
  return { experiment: experimentOf(settings, "bp", data), data, batchSize: settings.batchSize };
}

test.each<[string, Partial<Settings>]>([
  ["classes, tanh, sgd", {}],
  [
    "classes, other activations, adam",
    { activations: ["relu", "silu"], optimizer: "adam", learningRate: 0.01 },
  ],
  ["values", { data: "sinreg", activations: ["elu", "gelu"], learningRate: 0.05 }],
  ["values, several at once, no hidden layer", { data: "teacher", hidden: [], batchSize: 7 }],
])("TensorFlow.js trains the same network on the same batches: %s", async (_what, part) => {
  const ours = await (await compiled(contest(part))).train(40);
  const theirs = await (await tensorflow(contest(part))).train(40);
  expect(ours).toHaveLength(40);
  Array.from(ours).forEach((loss, step) =>
    expect(Math.abs(loss / (theirs[step] as number) - 1)).toBeLessThan(1e-3),
  );
  expect(theirs[39]).toBeLessThan(theirs[0] as number);
});

test.each<[Partial<Settings>, string]>([
  [{ activations: ["erf", "tanh"] }, "TensorFlow.js has no activation erf: choose identity, relu,"],
  [{ optimizer: "adamw" }, "TensorFlow.js has no optimizer adamw: choose sgd, adam, rmsprop."],
])("what TensorFlow.js has not is said: %j", async (part, message) => {
  await expect(tensorflow(contest(part))).rejects.toThrow(message);
});

test("contenders take turns of the same length, and are told beside the first", async () => {
  const taken: string[] = [];
  let time = 0;
  const paced = (name: string, milliseconds: number) => ({
    async train(steps: number) {
      taken.push(`${name} ${steps}`);
      time += milliseconds * steps;
      return [];
    },
  });
  const contenders = new Map([
    ["slow", paced("slow", 5)],
    ["quick", paced("quick", 0.5)],
  ]);
  const rounds = [];
  for await (const round of measure(contenders, () => time)) rounds.push(round);
  expect(rounds.map(({ round }) => round)).toEqual(Array.from({ length: ROUNDS }, (_, i) => i + 1));
  const warmUp = ["slow 8", "slow 8", "slow 64", "quick 8", "quick 8", "quick 512"];
  expect(taken).toEqual([...warmUp, ...rounds.flatMap(() => ["slow 64", "quick 512"])]);
  expect(rounds.at(-1)?.rates).toEqual([
    { name: "slow", stepsPerSecond: 200, times: 1 },
    { name: "quick", stepsPerSecond: 2000, times: 10 },
  ]);
});
