import {
  createTrainable,
  sizeOf,
  slotNames,
  type Trainable,
  type TrainingSnapshot,
} from "@bioflax/core";
import type { Examples, Split } from "@bioflax/datasets";
import type { EagerDeviceName } from "@bioflax/layers/node";
import type { Engine, EngineFactory, EngineSetup } from "../engines/engine";
import { Examiner } from "./examine";
import type { Finding } from "./finding";

/** What is known of a run whose loss is no longer finite. */
export interface Trouble {
  readonly engine: Pick<Engine, "name" | "device" | "threads">;
  readonly createEngine: EngineFactory;
  readonly setup: EngineSetup;
  /** The last state known to be good, or to lead to it; the starting weights where they alone are given. */
  readonly good: Pick<EngineSetup, "weights" | "slots" | "stepsTaken">;
  /** What is trained on from there to the end of the epoch, in order. */
  readonly examples: Examples;
  readonly rows: Int32Array;
  /** On how many of those batches alignment is measured, which an engine may compute otherwise. */
  readonly alignmentBatches: number;
  readonly alignEvery?: number | undefined;
  /** Which of those batches has the loss, from 0; or the split whose loss it is, after all of them. */
  readonly at: { readonly step: number } | { readonly split: Split };
}

/** A state with its optimizer's memory, which is zeros where it was left out. */
function complete(
  trainable: Trainable,
  { weights, slots, stepsTaken = 0 }: Trouble["good"],
): TrainingSnapshot {
  const zeros = () =>
    Object.fromEntries(
      trainable.network.parameters.flatMap((info) =>
        slotNames(info, trainable.optimizer).map((name) => [
          name,
          new Float32Array(sizeOf(info.shape)),
        ]),
      ),
    );
  return { weights, slots: slots ?? zeros(), stepsTaken };
}

/**
 * Finds the layer whose values went wrong first.
 *
 * The steps since the last good state are taken once more, up to the last one whose loss was finite: its update may be
 * to blame. Then every value of that step, and of the next, is looked at.
 *
 * @returns undefined when all values are finite where this looks.
 * @throws whatever an engine does.
 */
export async function diagnose(trouble: Trouble): Promise<Finding | undefined> {
  const { engine, createEngine, setup, good, examples, rows, alignmentBatches, alignEvery, at } =
    trouble;
  const { batchSize, dataset, seed } = setup;
  const trainable = createTrainable(setup);
  const { tfOps } = await import("@bioflax/layers");
  const { useDevice } = await import("@bioflax/layers/node");
  const device = await useDevice(
    engine.name === "eager" ? (engine.device as EagerDeviceName) : "wasm",
    { threads: engine.threads },
  );
  const examiner = new Examiner(device, tfOps, { trainable, dataset, seed });
  const steps = "step" in at ? at.step + 1 : Math.ceil(rows.length / batchSize);
  const batch = (step: number) => rows.subarray(step * batchSize, (step + 1) * batchSize);

  const replay = await createEngine({
    ...setup,
    ...good,
    device: engine.device,
    threads: engine.threads,
  });
  try {
    let done = 0;
    let snapshot = complete(trainable, good);
    const goTo = async (step: number) => {
      if (step <= done) return;
      await replay.trainEpoch(rows.subarray(done * batchSize, step * batchSize), {
        examples,
        alignmentBatches: Math.max(0, alignmentBatches - done),
        alignEvery,
      });
      done = step;
      snapshot = await replay.snapshot();
    };
    const suspects = ["step" in at ? steps - 2 : -1, steps - 1].filter((step) => step >= 0);
    for (const step of suspects) {
      await goTo(step);
      const finding = await examiner.step(snapshot, examples, batch(step));
      if (finding !== undefined) return finding;
    }
    if (!("split" in at)) return undefined;
    await goTo(steps);
    return await examiner.evaluation(snapshot.weights, at.split);
  } finally {
    await replay.dispose();
  }
}
