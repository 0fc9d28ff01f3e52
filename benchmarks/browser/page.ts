// Trains a network in a page: by the compiled engine, or by TensorFlow.js's own layers on its wasm backend; what trains
// is what the playground compares.
import { createNetwork, initializeWeights, type RuleName } from "@bioflax/core";
import { wholeSplit } from "@bioflax/datasets";
import {
  type Contest,
  compiled,
  type Contender as Trainer,
  tensorflow,
} from "playground/contenders";

const BATCH = 32;
/** As many as MNIST has: a call of the compiled engine is given all of them. */
const COUNT = 60_000;

const inputs = Uint8Array.from({ length: COUNT * 784 }, (_, i) => (i * 2654435761) >>> 24);
const targets = Int32Array.from({ length: COUNT }, (_, i) => (i * 7) % 10);

/** A network of dense layers under a rule. @param sizes units from the input to the output. */
function contest(sizes: readonly number[], rule: RuleName): Contest {
  const [inSize, ...units] = sizes as [number, ...number[]];
  const spec = {
    inputShape: [inSize],
    rule,
    layers: units.map((n, i) => ({
      type: "dense" as const,
      units: n,
      activation: i === units.length - 1 ? ("identity" as const) : ("tanh" as const),
    })),
  };
  return {
    experiment: {
      spec,
      loss: "softmaxCrossEntropy",
      optimizer: { name: "sgd", learningRate: 0.01 },
      weights: initializeWeights(createNetwork(spec), 0),
    },
    data: {
      task: "classification",
      inputShape: [inSize],
      targetShape: [],
      outputs: units.at(-1) as number,
      normalization: { scale: 1 / 255, mean: 0.5, standardDeviation: 0.3 },
      train: wholeSplit({ inputs, targets, count: COUNT }),
    },
    batchSize: BATCH,
  };
}

const contenders = {
  "compiled bp": (sizes: readonly number[]) => compiled(contest(sizes, "bp")),
  "compiled dfa": (sizes: readonly number[]) => compiled(contest(sizes, "dfa")),
  "TensorFlow.js": (sizes: readonly number[]) => tensorflow(contest(sizes, "bp"), "./"),
};

/** Who trains, by the name in the table. */
export type Contender = keyof typeof contenders;

const made = new Map<string, Promise<Trainer>>();

/** Trains a contender's network; it is made when it is first asked for. */
async function train(name: Contender, sizes: readonly number[], steps: number): Promise<void> {
  const key = `${name} ${sizes}`;
  const trainer = made.get(key) ?? contenders[name](sizes);
  made.set(key, trainer);
  await (await trainer).train(steps);
}

declare global {
  interface Window {
    train: typeof train;
  }
}

window.train = train;
