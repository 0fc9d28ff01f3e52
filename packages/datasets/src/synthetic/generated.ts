import type { DatasetFacts } from "../definition";
import { addingDefinition } from "./adding";
import { blobsDefinition } from "./blobs";
import { colorShapesDefinition } from "./color-shapes";
import { copyDefinition } from "./copy";
import { discsDefinition } from "./discs";
import { moonsDefinition } from "./moons";
import { sineRegressionDefinition } from "./sine-regression";
import { spiralsDefinition } from "./spirals";
import { teacherStudentDefinition } from "./teacher-student";

/**
 * The data sets that are drawn by a seed, by name: those of the registry in `@bioflax/datasets/node` that need no file.
 *
 * @example
 * const data = await generated.spirals.load({ classes: 3, seed: 0 });
 */
export const generated = {
  "color-shapes": colorShapesDefinition,
  sinreg: sineRegressionDefinition,
  teacher: teacherStudentDefinition,
  spirals: spiralsDefinition,
  blobs: blobsDefinition,
  moons: moonsDefinition,
  discs: discsDefinition,
  copy: copyDefinition,
  adding: addingDefinition,
} as const satisfies Readonly<Record<string, DatasetFacts>>;

/** The name of a data set that is drawn by a seed. */
export type GeneratedName = keyof typeof generated;
