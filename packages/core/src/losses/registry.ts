import { lookUp } from "../errors";
import type { Loss } from "./loss";
import { meanSquaredError } from "./mean-squared-error";
import { sigmoidCrossEntropy } from "./sigmoid-cross-entropy";
import { softmaxCrossEntropy } from "./softmax-cross-entropy";

/** Every loss by name. */
export const losses = { softmaxCrossEntropy, sigmoidCrossEntropy, meanSquaredError } as const;

/** The name of a loss. */
export type LossName = keyof typeof losses;

/** The loss of a name. @throws BioflaxError for an unknown one. */
export function getLoss(name: string): Loss {
  return lookUp<Loss>("loss", losses, name);
}
