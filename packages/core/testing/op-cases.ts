import { blockOpCases } from "./block-op-cases";
import { imageChainCases } from "./image-chain-cases";
import { imageOpCases } from "./image-op-cases";
import type { OpCase } from "./op-case";
import { vectorOpCases } from "./vector-op-cases";
import { windowOpCases } from "./window-op-cases";

/**
 * Every operation of the vocabulary, on small random inputs of every kind of shape, and in chains that engines rewrite.
 */
export const opCases: readonly OpCase[] = [
  ...vectorOpCases,
  ...blockOpCases,
  ...windowOpCases,
  ...imageOpCases,
  ...imageChainCases,
];
