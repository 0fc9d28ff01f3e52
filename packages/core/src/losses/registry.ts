import { BioflaxError } from "../errors";
import type { GivenOptions } from "../options/option";
import { readOptions } from "../options/read-options";
import { createRegistry } from "../registry";
import type { Loss } from "./loss";
import { meanSquaredError } from "./mean-squared-error";
import { sigmoidCrossEntropy } from "./sigmoid-cross-entropy";
import { softmaxCrossEntropy } from "./softmax-cross-entropy";
import type { TargetKindName } from "./target-kinds";

const builtIns = { softmaxCrossEntropy, sigmoidCrossEntropy, meanSquaredError } as const;

/** Every loss by name; where several take some targets, the first is what is trained with unless another is chosen. */
export const losses = createRegistry<Loss, typeof builtIns>({
  kind: "loss",
  where: { name: "losses", of: "@bioflax/core" },
  builtIns,
  needs: { targets: "list", evaluate: "function", perExample: "function", targetRows: "function" },
});

/** The name of a loss that comes with bioflax. */
export type LossName = keyof typeof builtIns;

/** What any loss may be told beside its name. */
export const lossOptions = {
  labelSmoothing: {
    type: "number",
    default: 0,
    from: 0,
    below: 1,
    doc: "part of each label's target that is the same for every class",
  },
  adversarialEps: {
    type: "number",
    default: 0,
    from: 0,
    doc: "how far each number of an input is moved up the loss before it is learnt from",
  },
} as const;

/**
 * What a loss may be told beside its name: α of smoothed labels, from 0 up to, but not including, 1; and ε of adversarial
 * training, see {@link Loss.adversarialEps}. Each is 0 when left out.
 */
export type LossOptions = GivenOptions<typeof lossOptions>;

/**
 * A loss as plain JSON: its name, or its name with options, e.g. `{ name: "softmaxCrossEntropy", labelSmoothing: 0.1
 * }`. A loss of one's own is one, too, once it has been given: {@link GivenLoss}.
 */
export type LossSpec = LossName | ({ readonly name: LossName } & LossOptions);

/** A loss as it may be given: a definition may stand for its name. */
export type GivenLoss = LossSpec | Loss | ({ readonly name: Loss } & LossOptions);

const isDefinition = (given: GivenLoss): given is Loss =>
  typeof given === "object" && given !== null && "evaluate" in given;

/**
 * The plain JSON of a loss; a definition in it is added to {@link losses}. @throws BioflaxError for an unknown name.
 */
export function lossSpecOf(given: GivenLoss): LossSpec {
  if (typeof given !== "object" || given === null || isDefinition(given))
    return losses.nameOf(given) as LossName;
  return { ...given, name: losses.nameOf(given.name) as LossName };
}

/** The name of the loss a spec describes. */
export function lossNameOf(given: GivenLoss): LossName {
  const spec = lossSpecOf(given);
  return typeof spec === "string" ? spec : spec.name;
}

/** The losses that take labels, which can be smoothed. */
const ofLabels = () => [...losses].flatMap(({ name, smoothed }) => (smoothed ? [name] : []));

/** The loss a spec describes. @throws BioflaxError for an unknown name, or labels that cannot be smoothed so. */
export function getLoss(given: GivenLoss): Loss {
  const spec = lossSpecOf(given);
  const name = lossNameOf(spec);
  const loss = losses.get(name);
  const { labelSmoothing, adversarialEps } = readOptions(
    `Loss "${name}"`,
    lossOptions,
    typeof spec === "string" ? {} : spec,
    { name: true },
  );
  const adversarial = (one: Loss): Loss =>
    adversarialEps === 0 ? one : { ...one, adversarialEps };
  if (labelSmoothing === 0) return adversarial(loss);
  if (loss.smoothed === undefined)
    throw new BioflaxError(
      `Loss "${name}": expected no labelSmoothing, since its targets are values and no labels, received ${labelSmoothing}. ` +
        `Leave it out, or use one of: ${ofLabels().join(", ")}.`,
    );
  return adversarial(loss.smoothed(labelSmoothing));
}

/** The losses that take a kind of targets, in the order of {@link losses}; the first is the one for who names none. */
export function lossesOf(kind: TargetKindName): string[] {
  return [...losses].flatMap(({ name, targets }) => (targets.includes(kind) ? [name] : []));
}
