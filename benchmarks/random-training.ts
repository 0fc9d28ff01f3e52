import { CompiledNetwork } from "@bioflax/compiler";
import {
  createNetwork,
  initializeWeights,
  type OptimizerSpec,
  Random,
  sizeOf,
} from "@bioflax/core";
import { processorTurn, type Turn, takeTurns } from "./turns";
import { inputShapeOf, networkOf, type Workload } from "./workloads";

/** A build of the compiler. */
export interface Build {
  readonly CompiledNetwork: typeof CompiledNetwork;
}

/** This one. */
export const thisBuild: Build = { CompiledNetwork };

/** Something that takes turns, and what ends it. */
export interface Entrant {
  readonly turn: Turn;
  readonly end: () => Promise<void>;
}

/** A workload's network that trains on random examples, on one thread: by class numbers, or by numbers. */
export async function randomTraining(
  workload: Workload,
  optimizer: OptimizerSpec,
  learns: "classes" | "numbers",
  { CompiledNetwork: Network }: Build = thisBuild,
): Promise<Entrant> {
  const spec = networkOf(workload);
  const { batch, sizes } = workload;
  const inputShape = inputShapeOf(workload);
  const [inputs, outputs] = [sizeOf(inputShape), sizes?.at(-1) ?? 10];
  const count = 4 * batch;
  const random = new Random(0, "random-training");
  const normals = (n: number) => Float32Array.from({ length: count * n }, () => random.normal());
  const source = {
    inputs: normals(inputs),
    targets:
      learns === "classes"
        ? Int32Array.from({ length: count }, () => random.below(outputs))
        : normals(outputs),
    count,
  };
  const network = await Network.create({
    spec,
    weights: initializeWeights(createNetwork(spec), 0),
    loss: learns === "classes" ? "softmaxCrossEntropy" : "meanSquaredError",
    optimizer,
    layout: { inputShape, targetShape: learns === "classes" ? [] : [outputs] },
    batchSize: batch,
    threads: 1,
  });
  // Made once a length, so that it is not counted.
  const rows = new Map<number, Int32Array>();
  return {
    async turn(steps) {
      const own =
        rows.get(steps) ?? Int32Array.from({ length: steps * batch }, (_, i) => i % count);
      rows.set(steps, own);
      await network.train(source, own);
      return 0;
    },
    end: () => network.dispose(),
  };
}

/** Processor milliseconds a step of all entrants, turn by turn. */
export async function processorTimes(
  entrants: Readonly<Record<string, Pick<Entrant, "turn">>>,
  { rounds, milliseconds }: { readonly rounds: number; readonly milliseconds: number },
): Promise<Record<string, number[]>> {
  const turns = Object.entries(entrants).map(
    ([name, { turn }]) => [name, processorTurn(turn)] as const,
  );
  const onFailure = (name: string, reason: string) => {
    throw new Error(`${name}: ${reason}`);
  };
  return Object.fromEntries(await takeTurns(new Map(turns), { rounds, milliseconds, onFailure }));
}
