import { BioflaxError, lookUp } from "../errors";
import { checkOptionNames, type OptionNames } from "../option-names";
import type { Loss } from "./loss";
import { meanSquaredError } from "./mean-squared-error";
import { sigmoidCrossEntropy } from "./sigmoid-cross-entropy";
import { softmaxCrossEntropy } from "./softmax-cross-entropy";

/** Every loss by name. */
export const losses = { softmaxCrossEntropy, sigmoidCrossEntropy, meanSquaredError } as const;

/** The name of a loss. */
export type LossName = keyof typeof losses;

/** What a loss may be told beside its name. */
export interface LossOptions {
  /** α of smoothed labels, from 0 up to, but not including, 1; 0 when left out. */
  readonly labelSmoothing?: number;
}

const optionNames: OptionNames<LossOptions> = { labelSmoothing: true };

/** A loss as plain JSON: its name, or its name with options, e.g. `{ name: "softmaxCrossEntropy", labelSmoothing: 0.1 }`. */
export type LossSpec = LossName | ({ readonly name: LossName } & LossOptions);

/** The name of the loss a spec describes. */
export function lossNameOf(spec: LossSpec): LossName {
  return typeof spec === "string" ? spec : spec.name;
}

/** The losses that take labels, which can be smoothed. */
const ofLabels = Object.entries<Loss>(losses).flatMap(([name, { smoothed }]) =>
  smoothed === undefined ? [] : [name],
);

/** The loss a spec describes. @throws BioflaxError for an unknown name, or labels that cannot be smoothed so. */
export function getLoss(spec: LossSpec): Loss {
  const name = lossNameOf(spec);
  const loss = lookUp<Loss>("loss", losses, name);
  if (typeof spec !== "string")
    checkOptionNames(`Loss "${name}"`, spec, optionNames, { name: true });
  const { labelSmoothing = 0 } = typeof spec === "string" ? {} : spec;
  if (!(typeof labelSmoothing === "number" && labelSmoothing >= 0 && labelSmoothing < 1))
    throw new BioflaxError(
      `Loss "${name}": expected labelSmoothing to be a number from 0 up to, but not including, 1, received ${labelSmoothing}.`,
    );
  if (labelSmoothing === 0) return loss;
  if (loss.smoothed === undefined)
    throw new BioflaxError(
      `Loss "${name}": expected no labelSmoothing, since its targets are values and no labels, received ${labelSmoothing}. ` +
        `Leave it out, or use one of: ${ofLabels.join(", ")}.`,
    );
  return loss.smoothed(labelSmoothing);
}
