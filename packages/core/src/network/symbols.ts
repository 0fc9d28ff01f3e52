import { BioflaxError } from "../errors";
import type { KernelLayer } from "../layers/layer";
import { sizeOf } from "../ops/shapes";
import { showValue } from "../show-value";
import { forLayer } from "./for-layer";
import type { Network } from "./network";

/** How raw inputs become a network's: (raw · scale − mean) / standardDeviation. */
interface Normalization {
  readonly scale: number;
  readonly mean: number;
  readonly standardDeviation: number;
}

const normalized = (
  values: ArrayLike<number>,
  { scale, mean, standardDeviation }: Normalization,
): number[] => Array.from(values, (value) => (value * scale - mean) / standardDeviation);

/** The layer of a network that takes the network's input as numbers of symbols, with its index, if there is one. */
function layerOfSymbols({ layers }: Pick<Network, "layers">) {
  for (const [index, layer] of layers.entries())
    if (layer.hasKernel && layer.symbols !== undefined) return { index, layer };
  return undefined;
}

/** How many symbols there are, of a network whose input is their numbers; undefined of others. */
export const symbolsOf = (network: Pick<Network, "layers">): number | undefined =>
  layerOfSymbols(network)?.layer.symbols;

/**
 * Checks inputs of a layer that takes numbers of symbols; those of others are all right.
 *
 * @param values one example's after another's, as the layer sees them.
 * @throws BioflaxError for a number that is no symbol's, saying in which example.
 */
export function checkSymbols(
  { symbols, inputShape, spec }: Pick<KernelLayer, "symbols" | "inputShape" | "spec">,
  values: ArrayLike<number>,
): void {
  if (symbols === undefined) return;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isInteger(value) && value >= 0 && value < symbols) continue;
    throw new BioflaxError(
      `${spec.type}: expected numbers of symbols, whole ones from 0 to ${symbols - 1}, received ${showValue(value)} in example ` +
        `${Math.floor(i / sizeOf(inputShape))}. Number the symbols from 0, or give the layer as many as there are.`,
    );
  }
}

/**
 * Checks the inputs of a network, as {@link checkSymbols} those of a layer.
 *
 * @param values one example's after another's, before they are normalised.
 * @param normalization by which the network sees (value·scale − mean) / standardDeviation; the values when left out.
 * @throws BioflaxError naming the layer, too.
 */
export function checkInputs(
  network: Pick<Network, "layers">,
  values: ArrayLike<number>,
  normalization?: Normalization,
): void {
  const taking = layerOfSymbols(network);
  if (taking === undefined) return;
  const seen = normalization === undefined ? values : normalized(values, normalization);
  forLayer(taking.index, () => checkSymbols(taking.layer, seen));
}

/** @throws BioflaxError for a network whose input is numbers of symbols: nothing has a derivative by them. */
export function checkInputGradient(network: Pick<Network, "layers">): void {
  const taking = layerOfSymbols(network);
  if (taking === undefined) return;
  throw new BioflaxError(
    `Layer ${taking.index}: ${taking.layer.spec.type}: expected an input that the loss has a gradient by, received numbers of symbols, between which ` +
      "there is nothing.",
  );
}
