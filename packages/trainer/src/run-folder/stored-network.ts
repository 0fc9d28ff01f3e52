import { join } from "node:path";
import {
  createNetwork,
  getLoss,
  type LossName,
  type Network,
  type NetworkSpec,
  sentence,
  sizeOf,
} from "@bioflax/core";
import type { Dataset } from "@bioflax/datasets";
import * as z from "zod";
import { readRunFile } from "./read-run-file";
import { RunFolderError } from "./run-folder-error";

/** The name of the file in a run folder. */
export const NETWORK_FILE = "network.json";

const extent = z.int().min(1);
const shape = z.array(extent);

/** What of a data set a network's inputs and outputs are told from. */
const dataSchema = z.object({
  name: z.string(),
  task: z.enum(["classification", "multi-label", "regression"]),
  inputShape: shape.min(1),
  imageShape: z.tuple([extent, extent, extent]).optional(),
  targetShape: shape,
  outputs: extent,
  classNames: z.array(z.string()).optional(),
  normalization: z
    .object({ scale: z.number(), mean: z.number(), standardDeviation: z.number().positive() })
    .optional(),
});

const storedSchema = z.object({
  spec: z.custom<NetworkSpec>((value) => typeof value === "object" && value !== null),
  loss: z.custom<LossName>((value) => typeof value === "string"),
  data: dataSchema,
});

/** The data set of a run without its examples: what raw inputs become the network's by, and what its outputs mean. */
export type DataDescription = z.output<typeof dataSchema>;

/** All that is needed to use the weights of a run, without its data set. */
export interface StoredNetwork {
  readonly spec: NetworkSpec;
  /** By which the network's outputs become probabilities. */
  readonly loss: LossName;
  readonly data: DataDescription;
}

/** A run's network as the text of `network.json`. */
export function encodeNetwork(spec: NetworkSpec, loss: LossName, dataset: Dataset): string {
  // Strips the examples, and fails on nothing: a data set is what it says.
  const data = dataSchema.parse(dataset);
  return `${JSON.stringify({ spec, loss, data }, null, 2)}\n`;
}

/**
 * Reads `network.json` of a run folder.
 *
 * @param folder the run's.
 * @throws RunFolderError when it is not there, or describes no network.
 */
export async function readNetwork(folder: string): Promise<StoredNetwork & { network: Network }> {
  const path = join(folder, NETWORK_FILE);
  const refuse = (problem: string, cause?: unknown) =>
    new RunFolderError(
      `${path}: expected the description of the run's network, ${sentence(problem)} Train it again to have one.`,
      { cause },
    );
  const bytes = await readRunFile(path);
  if (bytes === undefined) throw refuse("but there is no such file");
  try {
    const stored = storedSchema.parse(JSON.parse(bytes.toString("utf8")));
    getLoss(stored.loss);
    const network = createNetwork(stored.spec);
    if (sizeOf(stored.data.inputShape) % sizeOf(network.spec.inputShape) !== 0)
      throw new Error("its inputs are not those of its data");
    return { ...stored, network };
  } catch (error) {
    const why =
      error instanceof z.ZodError
        ? error.issues
            .slice(0, 5)
            .map((issue) => `${issue.path.join(".")}: ${issue.message}`)
            .join("; ")
        : (error as Error).message;
    throw refuse(`but ${why}`, error);
  }
}
