import util from "node:util";

/** The functions of `util` that tfjs-node calls and Node 23 removed (tensorflow/tfjs#8609). */
const removed = {
  isArray: (value: unknown) => Array.isArray(value),
  isNullOrUndefined: (value: unknown) => value === null || value === undefined,
};

/**
 * Gives `util` back the functions that `@tensorflow/tfjs-node` calls, those of them that this Node has no more.
 *
 * To be called before the package is used; a second call does nothing.
 */
export function supplyUtilFunctions(
  target: Record<string, unknown> = util as unknown as Record<string, unknown>,
): void {
  for (const [name, work] of Object.entries(removed)) target[name] ??= work;
}
