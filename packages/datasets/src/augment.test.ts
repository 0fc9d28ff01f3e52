import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { augment } from "./augment";
import type { ImageShape } from "./dataset";

/** Images of bytes that differ and are not 0, so that where each came from can be told. */
const images = (count: number, shape: ImageShape) =>
  Uint8Array.from({ length: count * shape[0] * shape[1] * shape[2] }, (_, i) => (i % 255) + 1);

type Draw = { readonly down: number; readonly right: number; readonly mirrored: boolean };

/** An image moved and mirrored as told, pixel by pixel. */
function moved(image: Uint8Array, [height, width, channels]: ImageShape, draw: Draw): Uint8Array {
  const result = new Uint8Array(image.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [y, x] = [row + draw.down, (draw.mirrored ? width - 1 - column : column) + draw.right];
      if (y < 0 || y >= height || x < 0 || x >= width) continue;
      for (let c = 0; c < channels; c++)
        result[(row * width + column) * channels + c] = image[(y * width + x) * channels + c]!;
    }
  }
  return result;
}

/** Every way to treat an image. */
const draws = (pad: number): Draw[] => {
  const shifts = Array.from({ length: 2 * pad + 1 }, (_, i) => i - pad);
  return shifts.flatMap((down) =>
    shifts.flatMap((right) => [false, true].map((mirrored) => ({ down, right, mirrored }))),
  );
};

/** Which way each image was treated. */
function drawsOf(before: Uint8Array, after: Uint8Array, shape: ImageShape, pad: number): Draw[] {
  const size = shape[0] * shape[1] * shape[2];
  return Array.from({ length: before.length / size }, (_, i) => {
    const [image, result] = [before, after].map((all) =>
      all.subarray(i * size, (i + 1) * size),
    ) as [Uint8Array, Uint8Array];
    const found = draws(pad).filter((draw) =>
      Buffer.from(moved(image, shape, draw)).equals(result),
    );
    expect(found).toHaveLength(1);
    return found[0]!;
  });
}

const shape = [6, 5, 3] as const;

describe("augment", () => {
  test("each image is moved by up to the padding and half of them mirrored, all ways equally often", () => {
    const before = images(2000, shape);
    const found = drawsOf(before, augment(before, shape, { pad: 2, seed: 0 }), shape, 2);
    for (const key of ["down", "right"] as const) {
      for (const shift of [-2, -1, 0, 1, 2]) {
        const share = found.filter((draw) => draw[key] === shift).length / found.length;
        expect(Math.abs(share - 0.2)).toBeLessThan(0.05);
      }
    }
    const mirrored = found.filter((draw) => draw.mirrored).length / found.length;
    expect(Math.abs(mirrored - 0.5)).toBeLessThan(0.05);
    const together = found.filter((draw) => draw.down === 2 && draw.right === -2);
    expect(Math.abs(together.length / found.length - 0.04)).toBeLessThan(0.02);
  });

  test("whatever the shape and the padding, every image is one of those", () => {
    fc.assert(
      fc.property(
        fc.tuple(
          fc.integer({ min: 2, max: 7 }),
          fc.integer({ min: 2, max: 7 }),
          fc.integer({ min: 1, max: 4 }),
        ),
        fc.nat(1),
        fc.nat(100),
        (random, pad, seed) => {
          const before = images(4, random);
          drawsOf(before, augment(before, random, { pad, seed }), random, pad);
        },
      ),
    );
  });

  test("a padding larger than the image can leave nothing of it", () => {
    const after = augment(images(300, [2, 2, 1]), [2, 2, 1], { pad: 5, seed: 0 });
    const empty = Array.from({ length: 300 }, (_, i) =>
      after.subarray(i * 4, i * 4 + 4).every((pixel) => pixel === 0),
    );
    expect(empty).toContain(true);
    expect(empty).toContain(false);
  });

  test("with neither padding nor flips, it is a copy", () => {
    const before = images(5, shape);
    const after = augment(before, shape, { pad: 0, flip: false, seed: 0 });
    expect(after).toEqual(before);
    expect(after).not.toBe(before);
  });

  test("an image's treatment depends on seed, epoch and place alone", () => {
    const before = images(40, shape);
    const of = (seed: number, epoch: number, some = before) =>
      augment(some, shape, { seed, epoch });
    expect(of(3, 7)).toEqual(of(3, 7));
    expect(of(3, 8)).not.toEqual(of(3, 7));
    expect(of(4, 7)).not.toEqual(of(3, 7));
    expect(augment(before, shape, { seed: 3 })).toEqual(of(3, 0));
    const size = 90;
    expect(of(3, 7, before.subarray(0, 10 * size))).toEqual(of(3, 7).subarray(0, 10 * size));
    const others = before.slice().fill(9, 0, 10 * size);
    expect(of(3, 7, others).subarray(10 * size)).toEqual(of(3, 7).subarray(10 * size));
  });

  test("turning flips off leaves the crops as they were", () => {
    const before = images(60, shape);
    const options = { pad: 1, seed: 0 };
    const both = drawsOf(before, augment(before, shape, options), shape, 1);
    const without = drawsOf(before, augment(before, shape, { ...options, flip: false }), shape, 1);
    expect(without).toEqual(both.map((draw) => ({ ...draw, mirrored: false })));
  });

  test("does not touch the images it was given", () => {
    const before = images(5, shape);
    augment(before, shape, { seed: 0 });
    expect(before).toEqual(images(5, shape));
  });

  test.each<[string, () => unknown, string]>([
    [
      "bytes of other images",
      () => augment(new Uint8Array(784), [32, 32, 3], { seed: 0 }),
      "augment: expected whole images of 32 × 32 × 3 = 3072 bytes, received 784 bytes. Give the shape of the images.",
    ],
    [
      "half a pixel of padding",
      () => augment(new Uint8Array(4), [2, 2, 1], { pad: 0.5, seed: 0 }),
      'augment: expected "pad" to be a whole number from 0, received 0.5.',
    ],
    [
      "negative padding",
      () => augment(new Uint8Array(4), [2, 2, 1], { pad: -1, seed: 0 }),
      "received -1.",
    ],
    [
      "a seed that is none",
      () => augment(new Uint8Array(4), [2, 2, 1], { seed: -1 }),
      "received -1.",
    ],
  ])("refuses %s", (_, act, message) => {
    expect(act).toThrow(
      expect.objectContaining({ name: "BioflaxError", message: expect.stringContaining(message) }),
    );
  });
});
