import type { OptimizerSpec } from "@bioflax/core";
import { each, type Matrix } from "./plain-matrices";

/** What an optimizer remembers of one weight. */
export type Memory = readonly Matrix[];

/**
 * The direction of one weight's step, and what the optimizer remembers of it; none for an optimizer that is not written
 * out here.
 */
export function stepOf(
  optimizer: OptimizerSpec,
  gradient: Matrix,
  memory: Memory,
  t: number,
): { direction: Matrix; memory: Memory } | undefined {
  const [first, second] = memory as [Matrix, Matrix];
  switch (optimizer.name) {
    case "sgd":
    case "sgdw": {
      const mu = optimizer.momentum ?? 0;
      const m = each((g, m) => g + mu * m, gradient, first);
      const direction = optimizer.nesterov ? each((g, m) => g + mu * m, gradient, m) : m;
      return { direction, memory: [m, second] };
    }
    case "adam":
    case "adamw": {
      const m = each((g, m) => 0.9 * m + 0.1 * g, gradient, first);
      const v = each((g, v) => 0.999 * v + 0.001 * g * g, gradient, second);
      const direction = each(
        (m, v) =>
          m / (1 - 0.9 ** t) / (Math.sqrt(v / (1 - 0.999 ** t)) + (optimizer.epsilon ?? 1e-8)),
        m,
        v,
      );
      return { direction, memory: [m, v] };
    }
    case "rmsprop": {
      const rho = optimizer.decay ?? 0.9;
      const v = each((g, v) => rho * v + (1 - rho) * g * g, gradient, second);
      const m = each(
        (g, v, m) => g / Math.sqrt(v + (optimizer.epsilon ?? 1e-8)) + (optimizer.momentum ?? 0) * m,
        gradient,
        v,
        first,
      );
      return { direction: m, memory: [m, v] };
    }
    default:
      return undefined;
  }
}
