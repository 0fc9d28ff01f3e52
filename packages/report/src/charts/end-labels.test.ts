import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { placeLabels } from "./end-labels";

const at = (...ends: number[]) => ends.map((end, slot) => ({ name: `${slot}`, slot, end }));

test("names stand where their lines end, in their order", () => {
  expect(placeLabels(at(150, 20), [200, 10]).map(({ name, y }) => [name, y])).toEqual([
    ["1", 20],
    ["0", 150],
  ]);
});

test("names are never nearer than a line of text, nor below the axis while there is room", () => {
  const ends = fc.array(fc.double({ min: 10, max: 200, noNaN: true }), {
    minLength: 1,
    maxLength: 14,
  });
  fc.assert(
    fc.property(ends, (values) => {
      const places = placeLabels(at(...values), [200, 10]).map(({ y }) => y);
      for (let i = 1; i < places.length; i++)
        expect((places[i] as number) - (places[i - 1] as number)).toBeGreaterThanOrEqual(13 - 1e-9);
      expect(Math.max(...places)).toBeLessThanOrEqual(200);
      expect(Math.min(...places)).toBeGreaterThanOrEqual(10);
    }),
  );
});
