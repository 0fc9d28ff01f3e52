import { type Statistics, statistics } from "@bioflax/report";
import {
  generalisationError,
  type OrderParameters,
  orderParametersOf,
  solve,
  type TwoLayers,
} from "./equations";
import type { Setting } from "./setting";
import { trainOnline } from "./training";

/** One rule's course: what the equations say, and what networks do. */
export interface Course {
  readonly rule: "bp" | "fa";
  /** In N examples. */
  readonly times: readonly number[];
  /** The generalisation error by the equations, at each time. */
  readonly theory: readonly number[];
  /** The angle between the output weights and the feedback by the equations, in degrees; under fa. */
  readonly theoryAngle: readonly number[];
  /** The same of networks, one row a seed. */
  readonly trained: readonly (readonly number[])[];
  readonly trainedAngle: readonly (readonly number[])[];
}

/** Degrees between two vectors. */
export function angleBetween(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
  return (Math.acos(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))) * 180) / Math.PI;
}

/** Integrates the equations and trains networks, all from the same weights, with other examples for each seed. */
export async function compare(
  { student, teacher, rate, feedback }: Setting,
  rule: Course["rule"],
  times: readonly number[],
  seeds: readonly number[],
  onTrained: (seed: number) => void = () => undefined,
): Promise<Course> {
  const own = rule === "fa" ? feedback : undefined;
  const learning = { teacherOutput: teacher.output, rate, feedback: own };
  const solved = solve(orderParametersOf(student, teacher), learning, times);
  const errorOf = (parameters: OrderParameters) => generalisationError(parameters, learning);
  const angleOf = ({ output }: Pick<TwoLayers, "output">) =>
    own === undefined ? 0 : angleBetween(output, own);
  const runs: TwoLayers[][] = [];
  for (const seed of seeds) {
    runs.push(await trainOnline({ student, teacher, rate, feedback: own, seed, times }));
    onTrained(seed);
  }
  return {
    rule,
    times,
    theory: solved.map(errorOf),
    theoryAngle: solved.map(angleOf),
    trained: runs.map((run) => run.map((one) => errorOf(orderParametersOf(one, teacher)))),
    trainedAngle: runs.map((run) => run.map(angleOf)),
  };
}

/** Mean and standard error over seeds, and how many of these the theory is away. */
export interface Deviation {
  readonly mean: number;
  readonly error: number;
  readonly errorsAway: number;
}

/** How far theory and networks are apart, at each time. */
export function deviationsOf({ theory, trained }: Pick<Course, "theory" | "trained">): Deviation[] {
  return theory.map((expected, i) => {
    const { n, mean, sd = 0 } = statistics(trained.map((run) => run[i])) as Statistics;
    const error = sd / Math.sqrt(n);
    return { mean, error, errorsAway: Math.abs(mean - expected) / error };
  });
}
