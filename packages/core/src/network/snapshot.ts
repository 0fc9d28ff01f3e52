import { BioflaxError } from "../errors";
import { showShape, sizeOf } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import type { Optimizer } from "../optimizers/optimizer";
import { showValue } from "../show-value";
import { delayedErrorsName, needsDelayedErrors } from "./delayed-errors";
import { missingFeedback, type Weights } from "./initialize";
import type { Network, ParameterInfo } from "./network";

/**
 * All that training carries from one step to the next, as plain numbers by name: what one engine leaves off with, it or
 * another goes on from.
 *
 * Noise and the learning rate of a step follow from the seed and the number of steps.
 */
export interface TrainingSnapshot {
  /** Every weight, `layers.0.kernel` and the like, moving statistics and feedback weights among them. */
  readonly weights: Weights;
  /**
   * The optimizer's memory of each weight that learns, by {@link slotNames}, each of the weight's shape; and what an
   * engine may remember besides, by {@link differenceSlots}, which those that do not know of it leave alone; and where a
   * rule needs them, `DelayedErrors`, by `delayedErrorsName`.
   */
  readonly slots: Weights;
  /** How many steps have been taken. */
  readonly stepsTaken: number;
}

/**
 * The names of the optimizer's memory of a weight: `layers.0.kernel/momentum`; none where the weight does not learn.
 */
export function slotNames(
  { name, learns }: Pick<ParameterInfo, "name" | "learns">,
  { slots }: Pick<Optimizer, "slots">,
): string[] {
  return learns ? slots.map((slot) => `${name}/${slot}`) : [];
}

/**
 * What an engine may remember of feedback weights B that learn as their kernels W do, W − B = c·D, so that it goes on to
 * the same bits: D, as `layers.0.feedback/difference`, of the weight's shape, and c, as `layers.0.feedback/remaining`, a scalar. Of other
 * weights none.
 *
 * @returns names and shapes.
 */
export function differenceSlots({
  role,
  learns,
  layer,
  shape,
}: Pick<ParameterInfo, "role" | "learns" | "layer" | "shape">): Record<string, Shape> {
  if (role !== "feedback" || !learns) return {};
  return { [differenceName(layer)]: shape, [remainingName(layer)]: [] };
}

/** The name of D in W − B = c·D: see {@link differenceSlots}. */
export const differenceName = (layer: number): string => `layers.${layer}.feedback/difference`;

/** The name of c in W − B = c·D: see {@link differenceSlots}. */
export const remainingName = (layer: number): string => `layers.${layer}.feedback/remaining`;

/** The names of everything that a snapshot's slots may hold, with the shape of each whose size is known before. */
function knownSlots(
  network: Pick<Network, "parameters" | "rules">,
  optimizer: Pick<Optimizer, "slots">,
): Map<string, Shape | undefined> {
  const { parameters } = network;
  return new Map<string, Shape | undefined>([
    ...parameters.flatMap((info) => Object.entries(differenceSlots(info))),
    ...parameters.flatMap((info) =>
      slotNames(info, optimizer).map((name): [string, Shape] => [name, info.shape]),
    ),
    // As many as there are examples.
    ...(needsDelayedErrors(network) ? [[delayedErrorsName, undefined] as const] : []),
  ]);
}

function expectNumbers(
  who: string,
  what: string,
  name: string,
  values: Float32Array | undefined,
  shape: Shape,
): void {
  if (values?.length === sizeOf(shape)) return;
  throw new BioflaxError(
    `${who}: expected the ${what} "${name}" to hold ${showShape(shape)} = ${sizeOf(shape)} numbers, received ${values?.length ?? "none"}.` +
      (values === undefined && name.endsWith(".feedback") ? missingFeedback : ""),
  );
}

/** The name of the weight that a slot is of. */
const weightOf = (slot: string): string => slot.slice(0, slot.lastIndexOf("/") + 1);

/** How many names an error lists. */
const LISTED = 6;

/**
 * Checks, for every engine, what training is to go on from: that each weight is there, and of the optimizer's memory,
 * where there is any, all that the network has and nothing else, all of the right sizes.
 *
 * @param who who is given it, for errors.
 * @param given weights of other names are let be; slots left out are zeros, and steps left out none.
 * @throws BioflaxError naming the weight or the slot that is missing, of another size or unknown, or for a number of
 *   steps that is none.
 * @example
 * checkSnapshot("MyEngine", createTrainable({ spec, loss, optimizer }), snapshot);
 */
export function checkSnapshot(
  who: string,
  {
    network,
    optimizer,
  }: {
    readonly network: Pick<Network, "parameters" | "rules">;
    readonly optimizer: Pick<Optimizer, "slots">;
  },
  {
    weights,
    slots,
    stepsTaken = 0,
  }: Pick<TrainingSnapshot, "weights"> & {
    readonly slots?: Weights | undefined;
    readonly stepsTaken?: number | undefined;
  },
): void {
  if (!Number.isInteger(stepsTaken) || stepsTaken < 0)
    throw new BioflaxError(
      `${who}: expected stepsTaken to be a whole number from 0, received ${showValue(stepsTaken)}.`,
    );
  for (const { name, shape } of network.parameters)
    expectNumbers(who, "weight", name, weights[name], shape);
  if (slots === undefined) return;
  for (const info of network.parameters)
    for (const name of slotNames(info, optimizer))
      expectNumbers(who, "slot", name, slots[name], info.shape);
  const known = knownSlots(network, optimizer);
  const names = [...known.keys()];
  for (const [name, values] of Object.entries(slots)) {
    if (values === undefined) continue;
    if (!known.has(name)) {
      const own = names.filter((other) => weightOf(other) === weightOf(name));
      const expected = own.length > 0 ? own : names;
      const listed = expected.slice(0, LISTED).map((other) => `"${other}"`);
      throw new BioflaxError(
        `${who}: unknown slot ${showValue(name)}. ${own.length > 0 ? "Of this weight" : "In all"} this network and its optimizer have ` +
          `${listed.join(", ") || "none"}${expected.length > LISTED ? ", …" : ""}: go on from a snapshot of the same.`,
      );
    }
    const shape = known.get(name);
    if (shape !== undefined) expectNumbers(who, "slot", name, values, shape);
  }
}
