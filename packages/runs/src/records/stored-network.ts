import {
  createNetwork,
  getLoss,
  type LossName,
  type Network,
  type NetworkSpec,
  sentence,
  sizeOf,
} from "@bioflax/core";
import { tasks } from "@bioflax/datasets";
import * as z from "zod";
import { RunFolderError } from "./run-folder-error";
import { whyUnreadable } from "./why-unreadable";

/** The name of the file in a run folder. */
export const NETWORK_FILE = "network.json";

const extent = z.int().min(1);
const shape = z.array(extent);

/** What of a data set a network's inputs and outputs are told from. */
const dataSchema = z.object({
  name: z.string(),
  task: z.enum(tasks),
  inputShape: shape.min(1),
  imageShape: z.tuple([extent, extent, extent]).optional(),
  symbols: extent.optional(),
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
export function encodeNetwork(
  spec: NetworkSpec,
  loss: LossName,
  dataset: { readonly [K in keyof DataDescription]: Readonly<DataDescription[K]> },
): string {
  // Strips the examples, and fails on nothing: a data set is what it says.
  const data = dataSchema.parse(dataset);
  return `${JSON.stringify({ spec, loss, data }, null, 2)}\n`;
}

/**
 * What a `network.json` describes.
 *
 * @param text undefined where there is no such file.
 * @param file what errors call it.
 * @throws RunFolderError when it describes no network.
 */
export function parseNetwork(
  text: string | undefined,
  file: string,
): StoredNetwork & { network: Network } {
  const refuse = (problem: string, cause?: unknown) =>
    new RunFolderError(
      `${file}: expected the description of the run's network, ${sentence(problem)} Train it again to have one.`,
      { cause },
    );
  if (text === undefined) throw refuse("but there is no such file");
  try {
    const stored = storedSchema.parse(JSON.parse(text));
    getLoss(stored.loss);
    const network = createNetwork(stored.spec);
    if (sizeOf(stored.data.inputShape) % sizeOf(network.spec.inputShape) !== 0)
      throw new Error("its inputs are not those of its data");
    return { ...stored, network };
  } catch (error) {
    throw refuse(`but ${whyUnreadable(error)}`, error);
  }
}
