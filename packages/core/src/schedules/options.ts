import { BioflaxError } from "../errors";
import { showValue } from "../show-value";

const kinds = {
  count: [(x: number) => Number.isInteger(x) && x >= 1, "a whole number from 1"],
  positive: [(x: number) => Number.isFinite(x) && x > 0, "a number above 0"],
  factor: [(x: number) => Number.isFinite(x) && x >= 0, "a number from 0 upwards"],
} as const;

/** Checks an option of a schedule. @throws BioflaxError naming the schedule and the option that is not of its kind. */
export function checkOption(
  schedule: string,
  option: string,
  value: unknown,
  kind: keyof typeof kinds,
): void {
  const [isRight, expected] = kinds[kind];
  if (!(typeof value === "number" && isRight(value)))
    throw new BioflaxError(
      `Schedule "${schedule}": expected "${option}" to be ${expected}, received ${showValue(value)}.`,
    );
}
