import { describe } from "@jest/globals";

/** Tests on whatever GPU there is, whose name becomes part of theirs; skipped where there is none. */
export function describeOnGpu(name: string, tests: () => void): void {
  const adapter = process.env.BIOFLAX_ADAPTER;
  if (adapter) describe(`${name} on ${adapter}`, tests);
  else describe.skip(`${name}, skipped for want of a GPU`, tests);
}
