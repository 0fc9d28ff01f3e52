import { Random } from "@bioflax/core";

/** The part of examples that is kept for the test where nobody says which. */
const TEST_PART = 0.1;

/**
 * Which of some examples are kept for the test: a tenth, at least one of each group, the same whatever the seed of a
 * run.
 *
 * @param groups the group of each example, such as its class.
 * @returns whether each is kept.
 */
export function heldForTest(groups: ArrayLike<number>): boolean[] {
  const rows = new Map<number, number[]>();
  for (let row = 0; row < groups.length; row++) {
    const group = groups[row] as number;
    const own = rows.get(group);
    if (own === undefined) rows.set(group, [row]);
    else own.push(row);
  }
  const held = new Array<boolean>(groups.length).fill(false);
  for (const [group, own] of rows) {
    const order = new Random(0, "test", group).permutation(own.length);
    const count = Math.max(1, Math.round(own.length * TEST_PART));
    for (const place of order.subarray(0, count)) held[own[place] as number] = true;
  }
  return held;
}
