import { readFile } from "node:fs/promises";
import { BioflaxError, type Network, type Weights } from "@bioflax/core";
import { decodeWeights, readSafetensors, type Safetensors } from "@bioflax/runs";
import { readRunFile } from "./read-run-file";

/**
 * Reads the weights of a network from a .safetensors file; of a checkpoint, its weights alone.
 *
 * What a checkpoint holds beside them, under names with a slash (`layers.0.kernel/momentum`), is left alone.
 *
 * @param option what errors call the place the path comes from.
 * @throws BioflaxError when the file cannot be read or is broken, or when its tensors are not exactly those of the
 *   network; it names every one that is missing, has another shape, or belongs to no layer.
 */
export async function readWeights(
  path: string,
  network: Network,
  option = "--init",
): Promise<Weights> {
  return decodeWeights(await readFileOf(path, option), path, network);
}

/** A .safetensors file. @throws BioflaxError when it cannot be read or is broken. */
export async function readTensors(path: string, option: string): Promise<Safetensors> {
  return readSafetensors(await readFileOf(path, option), path);
}

async function readFileOf(path: string, option: string): Promise<Uint8Array> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === "ENOENT" ? "there is no such file" : error.message;
    throw new BioflaxError(
      `${option} ${path}: expected a readable .safetensors file, but ${reason}. Check the path.`,
      { cause: error },
    );
  });
}

/**
 * Reads the weights of a network from a file of its run's folder.
 *
 * @returns undefined when it is not there.
 * @throws BioflaxError as {@link readWeights}.
 */
export async function readRunWeights(path: string, network: Network): Promise<Weights | undefined> {
  const bytes = await readRunFile(path);
  return bytes && decodeWeights(bytes, path, network);
}
