import { BioflaxError, showValue } from "@bioflax/core";
import type { Dataset } from "@bioflax/datasets";
import type { DataDescription } from "@bioflax/runs";

/**
 * Checks that numbers of classes, and of symbols, still mean what they meant when a run was trained: those of a text are
 * its characters, and those of folders their names, so that one more of them may give all others new numbers.
 *
 * @param folder the run's.
 * @param before what the run has kept of its data.
 * @throws BioflaxError naming the first number that means something else.
 */
export function checkClasses(
  folder: string,
  { classNames: before }: Pick<DataDescription, "classNames">,
  { name, classNames: now = [] }: Pick<Dataset, "name" | "classNames">,
): void {
  if (before === undefined) return;
  const place = Array.from({ length: Math.max(before.length, now.length) }).findIndex(
    (_, number) => before[number] !== now[number],
  );
  if (place < 0) return;
  const called = (names: readonly string[]) =>
    names[place] === undefined ? "nothing" : showValue(names[place]);
  throw new BioflaxError(
    `${folder}: expected the classes that the run was trained on, of which number ${place} is ${called(before)}, but in ${name} it is ${called(now)} now. ` +
      "Use the files it was trained on, or train a run on these.",
  );
}
