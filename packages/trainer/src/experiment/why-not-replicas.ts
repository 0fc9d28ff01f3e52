import { createTrainable, ReplicaStep, type Trainable } from "@bioflax/core";
import { getDataset } from "@bioflax/datasets/node";
import type { Config } from "../config/schema";
import { allSettings } from "../config/settings";
import { networkOf } from "./network";
import { optimizerOf, trainingLossOf } from "./training";

/** What replicas may differ in whatever it is: where a run lies, where it starts, and how long it goes on. */
const free = [
  ...["out", "seed", "init", "epochs", "plot", "tensorboard", "mlflow", "mlflowExperiment"],
  ...["checkpointEvery", "checkpointSeconds", "onNan", "shuffle"],
] as const satisfies readonly (keyof Config)[];

/** What all replicas have in common: their data, what is measured, and what computes. */
const commonGroups = ["Data", "Measurements", "Engine"];
const common = [
  "batchSize",
  "classWeights",
  "plugins",
] as const satisfies readonly (keyof Config)[];

type Key = keyof Config;
const includes = (keys: readonly Key[], key: Key) => keys.includes(key);

/** A run's training without its data, of which only the outline matters. */
function trainableOf(config: Config): Trainable {
  const outputs = getDataset(config.dataset).targets === "binary" ? 1 : 10;
  const imageShape = [32, 32, 3] as const;
  const data = { name: config.dataset, inputShape: [32 * 32 * 3], imageShape, outputs };
  return createTrainable({
    spec: networkOf(config, data),
    loss: trainingLossOf(config, {}),
    optimizer: optimizerOf(config, 1000),
  });
}

/** Whether two runs differ in nothing but numbers that may differ among replicas. */
function areAlike(one: Config, other: Config): boolean {
  try {
    const trainables = [trainableOf(one), trainableOf(other)] as const;
    const { network, loss } = trainables[0];
    const rows = 2;
    const hasLabels = !loss.targets.includes("values");
    new ReplicaStep(trainables).check({
      input: [rows, ...network.spec.inputShape],
      target: hasLabels ? [rows] : [rows, network.outputs],
    });
    return true;
  } catch {
    return false;
  }
}

/**
 * Why two runs cannot be trained as replicas of one another, naming their settings; undefined when they can.
 *
 * They can if they differ in nothing but numbers, such as learning rates, momenta, weight decays, norms and scales, in
 * their seeds, in what they start from, and in how they are logged.
 *
 * @param one resolved settings, as of `validateConfig`.
 * @example
 * whyNotReplicas(validateConfig({ lr: 0.1 }), validateConfig({ lr: 0.2, mode: "dfa" })); // "--mode: expected …"
 */
export function whyNotReplicas(one: Config, other: Config): string | undefined {
  const written = (value: unknown) => JSON.stringify(value);
  const differing = allSettings().filter(({ key }) => {
    const name = key as Key;
    return !includes(free, name) && written(one[name]) !== written(other[name]);
  });
  const isCommon = ({ key, group }: (typeof differing)[number]) =>
    commonGroups.includes(group) || includes(common, key as Key);
  const tried = differing.filter((setting) => !isCommon(setting));
  const unlike = tried.filter(
    ({ key }) => !areAlike(one, { ...one, [key]: other[key as Key] } as Config),
  );
  const refused = [...differing.filter(isCommon), ...unlike];
  if (refused.length === 0 && tried.length > 0 && !areAlike(one, other)) refused.push(...tried);
  if (refused.length === 0) return undefined;
  const values = refused.map(
    ({ key, flag }) =>
      `--${flag} (${written(one[key as Key]) ?? "none"} and ${written(other[key as Key]) ?? "none"})`,
  );
  return `Replicas: expected runs that differ in nothing but numbers and seeds, received others of ${values.join(", ")}`;
}
