import type { AttackResult } from "../../attack/attack-runs";
import { count, percent } from "../format";
import { textTable } from "../text-table";

/** How hard the attack tried: `40 steps, 1 start`. */
function effortOf({ steps, stepSize, starts, queries }: AttackResult): string[] {
  const of = (value: number | undefined, one: string, many: string) =>
    value === undefined ? [] : [`${count(value)} ${value === 1 ? one : many}`];
  return [
    ...of(steps, "step", "steps"),
    ...(stepSize === undefined ? [] : [`of ${stepSize}`]),
    ...of(starts, "start", "starts"),
    ...of(queries, "query", "queries"),
  ];
}

/** What an attack came to as a table: how right each network is, by ε. */
export function attackTable(results: readonly AttackResult[]): string {
  const [first] = results as readonly [AttackResult];
  const { method, norm, split, examples, accuracy } = first;
  const heading = [
    `${method}, ${norm}`,
    ...effortOf(first),
    `${count(examples)} ${split} examples`,
  ];
  const isTransfer = results.some(({ from }) => from !== undefined);
  const rows = results.map(({ folder, from, accuracy: own }) => [
    folder,
    ...(isTransfer ? [from ?? "itself"] : []),
    ...own.map(({ accuracy: share }) => percent(share)),
  ]);
  const titles = [
    "run",
    ...(isTransfer ? ["made for"] : []),
    ...accuracy.map(({ eps }) => (eps === 0 ? "as they are" : `ε ${eps}`)),
  ];
  return `  ${heading.join(", ")}\n${textTable(titles, rows)}`;
}
