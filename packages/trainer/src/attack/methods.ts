import { climbLoss } from "./gradient-attack";
import { type NormName, norms } from "./norms";
import { imageOf, searchSquares } from "./square-attack";
import type { AttackTarget } from "./target";

/** How hard an attack tries. */
export interface Effort {
  /** How many steps up the loss: of pgd 40 when left out. */
  readonly steps?: number | undefined;
  /** The length of each, in the unit of ε: of pgd 2.5·ε/steps when left out, so that any place within ε can be reached. */
  readonly stepSize?: number | undefined;
  /** From how many random places within ε, one after another; 0: from the example itself. Of pgd 1 when left out. */
  readonly starts?: number | undefined;
  /** How many outputs of each example may be asked for: of square 1000 when left out. */
  readonly queries?: number | undefined;
  /** Of the random numbers, a whole number; 0 when left out. */
  readonly seed?: number | undefined;
}

/** An effort in which nothing the method needs is left out, and nothing is that it does not. */
export type GivenEffort = { readonly [Key in keyof Effort]?: number };

/** What an attack is given for some examples. */
interface Given extends GivenEffort {
  readonly norm: NormName;
  readonly eps: number;
  /** The number of the first example among all. */
  readonly first: number;
  /** The shape of an example as an image, where it is one. */
  readonly image: readonly number[] | undefined;
  /** The data set's name, for errors. */
  readonly dataset: string;
}

/** A way to make adversarial examples. */
interface AttackMethod {
  readonly title: string;
  /** What it takes, and what stands for what is left out; undefined where it depends on ε. */
  readonly effort: { readonly [Key in keyof Effort]?: number | undefined };
  run(target: AttackTarget, given: Given): Promise<Float32Array>;
}

/** The ways there are. */
export const methods = {
  fgsm: {
    title: "fast gradient sign method",
    effort: {},
    run: (target, { norm, eps, first }) =>
      climbLoss(target, {
        ...{ norm: norms[norm], eps, steps: 1, stepSize: eps, starts: 0, seed: 0, first },
      }),
  },
  pgd: {
    title: "projected gradient descent",
    effort: { steps: 40, stepSize: undefined, starts: 1, seed: 0 },
    run(target, { norm, eps, first, steps = 40, stepSize, starts = 1, seed = 0 }) {
      const length = stepSize ?? (2.5 * eps) / steps;
      const ascent = { norm: norms[norm], eps, steps, stepSize: length, starts, seed, first };
      return climbLoss(target, ascent);
    },
  },
  square: {
    title: "square attack",
    effort: { queries: 1000, seed: 0 },
    run(target, { norm, eps, first, queries = 1000, seed = 0, image, dataset }) {
      const search = { norm, eps, queries, image: imageOf(image, dataset), seed, first };
      return searchSquares(target, search);
    },
  },
} as const satisfies Record<string, AttackMethod>;

/** What a way to attack is called. */
export type MethodName = keyof typeof methods;
