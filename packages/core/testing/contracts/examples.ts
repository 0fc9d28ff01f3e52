import type { Options } from "@bioflax/core";
import { broken } from "./check";

/**
 * Options that a definition can be had with: none, where none is needed, and its `examples`.
 *
 * @throws Error where it needs some and gives no examples.
 */
export function examplesOf(
  who: string,
  { options, examples = [] }: { readonly options: Options; readonly examples?: readonly object[] },
): readonly object[] {
  const needed = Object.entries(options).filter(([, option]) => option.default === undefined);
  if (needed.length === 0) return [{}, ...examples];
  if (examples.length > 0) return examples;
  return broken(
    who,
    `it cannot do without ${needed.map(([name]) => `"${name}"`).join(", ")}, and has no "examples" to try.`,
  );
}
