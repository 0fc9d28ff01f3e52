import { createHash } from "node:crypto";
import { mkdir, readFile, stat } from "node:fs/promises";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { cacheFolder } from "@bioflax/datasets/node";
import { writeAtomically } from "@bioflax/runs/node";
import * as z from "zod";
import { bioflaxVersion } from "../../base/version";
import type { EngineSetup } from "../engine";
import type { Candidate } from "./candidates";

/** How long a step took on each candidate, in milliseconds, in their order; null on one that did not start. */
export type Measurements = readonly (number | null)[];

/** What is known of each candidate; undefined of one that is to be measured. */
export type KnownMeasurements = readonly (number | null | undefined)[];

/** For how long it is not tried again whether a candidate starts: its driver may have come meanwhile. */
const REFUSED_MS = 24 * 60 * 60 * 1000;

/** What a measurement depends on, as text: the network and its data, the machine, and what computes. */
function subjectOf(
  { spec, loss, optimizer, dataset, batchSize, threads }: EngineSetup,
  candidates: readonly Candidate[],
  networks: number,
): string {
  const { examples } = dataset.train;
  // At whatever rate, a step takes as long.
  const { learningRate: _rate, schedule, ...learning } = optimizer;
  return JSON.stringify({
    training: { spec, loss, optimizer: { ...learning, isScheduled: schedule !== undefined } },
    data: {
      inputs: [examples.inputs.constructor.name, dataset.inputShape, dataset.normalization],
      targets: [examples.targets.constructor.name, dataset.targetShape],
      isWeighted: examples.weights !== undefined,
      batchSize,
    },
    machine: [process.platform, process.arch, cpus()[0]?.model, cpus().length, threads],
    versions: [bioflaxVersion, process.versions.node],
    candidates,
    ...(networks > 1 && { networks }),
  });
}

const fileSchema = z.object({ subject: z.string(), milliseconds: z.array(z.number().nullable()) });

/** Measurements that are kept in the cache folder, one file each. */
export class KeptMeasurements {
  readonly #subject: string;
  readonly #file: string;
  readonly #count: number;

  /** @param networks how many train at once. */
  constructor(setup: EngineSetup, candidates: readonly Candidate[], networks = 1) {
    this.#subject = subjectOf(setup, candidates, networks);
    this.#count = candidates.length;
    const name = createHash("sha256").update(this.#subject).digest("hex").slice(0, 32);
    this.#file = join(cacheFolder(), "engines", `${name}.json`);
  }

  /**
   * What was measured before: nothing where nothing was, or what is there is not to be understood; of a candidate that
   * did not start a day ago, nothing either.
   */
  async read(): Promise<KnownMeasurements> {
    try {
      const { subject, milliseconds } = fileSchema.parse(
        JSON.parse(await readFile(this.#file, "utf8")),
      );
      if (subject !== this.#subject || milliseconds.length !== this.#count) return this.#nothing;
      const isOld = Date.now() - (await stat(this.#file)).mtimeMs > REFUSED_MS;
      return milliseconds.map((time) => (time === null && isOld ? undefined : time));
    } catch {
      return this.#nothing;
    }
  }

  get #nothing(): KnownMeasurements {
    return Array.from({ length: this.#count }, () => undefined);
  }

  /** Keeps measurements; where they cannot be written, the next run measures again. */
  async write(milliseconds: Measurements): Promise<void> {
    try {
      await mkdir(dirname(this.#file), { recursive: true });
      const content = { subject: this.#subject, milliseconds };
      await writeAtomically(this.#file, `${JSON.stringify(content)}\n`);
    } catch {
      // A cache folder that cannot be written is no reason to end a run.
    }
  }
}
