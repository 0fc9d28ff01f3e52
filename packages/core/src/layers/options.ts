import { BioflaxError } from "../errors";
import { checkOptionNames } from "../option-names";
import { showValue } from "../show-value";
import { mirroringNames } from "./option-names";
import type { KernelLayerSpec } from "./specs";

const kinds = {
  count: [(x: number) => Number.isInteger(x) && x >= 1, "a whole number from 1"],
  countOrNone: [(x: number) => Number.isInteger(x) && x >= 0, "a whole number from 0"],
  positive: [(x: number) => Number.isFinite(x) && x > 0, "a number above 0"],
  share: [(x: number) => x >= 0 && x <= 1, "a number from 0 to 1"],
} as const;

function check(option: string, value: unknown, kind: keyof typeof kinds): void {
  const [isRight, expected] = kinds[kind];
  if (value !== undefined && !(typeof value === "number" && isRight(value)))
    throw new BioflaxError(`${option}: expected ${expected}, received ${showValue(value)}.`);
}

/** @throws BioflaxError unless the option of a layer is a positive whole number. */
export function expectCount(layer: string, option: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new BioflaxError(
      `${layer}: expected ${option} to be a positive whole number, received ${showValue(value)}.`,
    );
}

/** Checks how a layer learns, beside its rule. @throws BioflaxError naming the option that is out of its range. */
export function checkOptions({
  feedbackConnections,
  feedbackProjection = "dense",
  clipNorm,
  mirroring = {},
}: KernelLayerSpec): void {
  check("feedbackConnections", feedbackConnections, "count");
  if (feedbackProjection !== "dense" && feedbackProjection !== "broadcast")
    throw new BioflaxError(
      `feedbackProjection: expected "dense" or "broadcast", received ${showValue(feedbackProjection)}.`,
    );
  check("clipNorm", clipNorm, "positive");
  checkOptionNames("mirroring", mirroring, mirroringNames);
  check("mirroring.steps", mirroring.steps, "countOrNone");
  check("mirroring.batch", mirroring.batch, "count");
  check("mirroring.rate", mirroring.rate, "positive");
  check("mirroring.decay", mirroring.decay, "share");
  check("mirroring.stddev", mirroring.stddev, "positive");
}
