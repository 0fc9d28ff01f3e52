import util from "node:util";

/**
 * The functions of `util` that tfjs-node calls; Node 22 warns of them, and Node 23 removed the second
 * (tensorflow/tfjs#8609).
 */
const supplied = { isArray: Array.isArray, isNullOrUndefined: (value: unknown) => value == null };

/** The first version of Node that warns when they are called. */
const FIRST_TO_WARN = 22;

/**
 * Gives `util` the functions that `@tensorflow/tfjs-node` calls, where this Node has them no more, or warns of them.
 *
 * To be called before the package is used; a second call does nothing.
 */
export function supplyUtilFunctions(
  target: Record<string, unknown> = util as unknown as Record<string, unknown>,
  nodeMajor = Number(process.versions.node.split(".")[0]),
): void {
  for (const [name, work] of Object.entries(supplied))
    if (target[name] === undefined || nodeMajor >= FIRST_TO_WARN) target[name] = work;
}
