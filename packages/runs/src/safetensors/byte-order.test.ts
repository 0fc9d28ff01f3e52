import { expect, test } from "@jest/globals";
import { swap32 } from "./byte-order";

test("the bytes of each number are turned round, where they lie", () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  expect(swap32(bytes)).toBe(bytes);
  expect([...bytes]).toEqual([4, 3, 2, 1, 8, 7, 6, 5]);
});
