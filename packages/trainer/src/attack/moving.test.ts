import { Random } from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import { climbLoss } from "./gradient-attack";
import { lengths, type NormName, norms } from "./norms";
import { searchSquares } from "./square-attack";
import { type AttackTarget, clip, rightOnes } from "./target";

const image = [6, 5, 2] as const;
const size = 60;
const count = 8;
const random = new Random(0, "moving");
const pixels = Float32Array.from({ length: count * size }, () => random.uniform());
const direction = Float64Array.from({ length: size }, () => random.normal());

/** Two classes by which side of a plane an example is on: logits −s and s. Counts what it is asked for. */
function plane({ bounds }: Pick<AttackTarget, "bounds"> = { bounds: [0, 1] }) {
  const asked = { outputs: 0, gradients: 0 };
  const sideOf = (x: Float32Array, i: number) =>
    direction.reduce((sum, weight, j) => sum + weight * ((x[i * size + j] as number) - 0.5), 0);
  const outputsOf = (x: Float32Array) =>
    Float32Array.from({ length: (2 * x.length) / size }, (_, i) =>
      i % 2 === 0 ? -sideOf(x, i >> 1) : sideOf(x, i >> 1),
    );
  const labels = Int32Array.from({ length: count }, (_, i) => (sideOf(pixels, i) > 0 ? 1 : 0));
  const target: AttackTarget = {
    ...{ originals: pixels, labels, size, bounds, threshold: 0 },
    async outputs(x, which) {
      expect(x).toHaveLength(which.length * size);
      asked.outputs++;
      return outputsOf(x);
    },
    async gradients(x) {
      asked.gradients++;
      // The loss grows against the side an example is on, or not at all for the last.
      return x.map((_, i) => {
        const sign = labels[Math.floor(i / size)] === 1 ? -1 : 1;
        return i >= (count - 1) * size ? 0 : sign * (direction[i % size] as number);
      });
    },
  };
  return { target, asked, outputsOf };
}

/** How far each example is from its original. */
function movedBy(x: Float32Array, norm: NormName): number[] {
  const by = x.map((value, i) => value - (pixels[i] as number));
  if (norm === "l2") return [...lengths(by, size)];
  return Array.from({ length: count }, (_, i) =>
    Math.max(...by.subarray(i * size, (i + 1) * size).map(Math.abs)),
  );
}

const ascent = { steps: 7, starts: 0, seed: 0, first: 0 };

describe.each(["linf", "l2"] as const)("%s", (norm) => {
  const eps = norm === "linf" ? 0.1 : 0.8;

  test("one step of ε goes that far up the loss, and where there is no gradient nowhere", async () => {
    const { target } = plane({ bounds: undefined });
    const given = { norm: norms[norm], eps, ...ascent, steps: 1, stepSize: eps };
    const moved = movedBy(await climbLoss(target, given), norm);
    moved.forEach((by, i) => expect(by).toBeCloseTo(i === count - 1 ? 0 : eps, 5));
  });

  test.each([0, 1, 3])("with %i random starts it stays within ε and the bounds", async (starts) => {
    const { target, asked } = plane();
    const given = { norm: norms[norm], eps, ...ascent, stepSize: eps / 2, starts };
    const x = await climbLoss(target, given);
    for (const by of movedBy(x, norm)) expect(by).toBeLessThan(eps * (1 + 1e-6));
    expect(x.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(asked.gradients).toBe(7 * Math.max(1, starts));
    // The last, which has no gradient, is moved by its random start alone.
    expect((movedBy(x, norm)[count - 1] as number) > 0).toBe(starts > 0);
  });

  test("random starts are those of their seed, however the examples are cut", async () => {
    const { target } = plane();
    const given = { norm: norms[norm], eps, ...ascent, stepSize: eps / 4, starts: 1 };
    const whole = await climbLoss(target, given);
    expect(await climbLoss(target, given)).toEqual(whole);
    expect(await climbLoss(target, { ...given, seed: 1 })).not.toEqual(whole);
    const rest: AttackTarget = {
      ...target,
      originals: pixels.subarray(3 * size),
      labels: (target.labels as Int32Array).subarray(3),
      gradients: async (x) => {
        const all = pixels.slice();
        all.set(x, 3 * size);
        return (await target.gradients(all)).subarray(3 * size);
      },
    };
    expect(await climbLoss(rest, { ...given, first: 3 })).toEqual(whole.subarray(3 * size));
  });

  test("squares come near what the gradient does, without asking for it, within ε and the bounds", async () => {
    const { target, asked, outputsOf } = plane();
    const search = { norm, eps, queries: 400, image, seed: 0, first: 0 };
    const x = await searchSquares(target, search);
    for (const by of movedBy(x, norm)) expect(by).toBeLessThan(eps * (1 + 1e-6));
    expect(x.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(asked.gradients).toBe(0);
    expect(asked.outputs).toBeLessThanOrEqual(400);
    const wrong = (moved: Float32Array) =>
      rightOnes(outputsOf(moved), target.labels, 0).filter((isRight) => !isRight).length;
    const given = { norm: norms[norm], eps, ...ascent, stepSize: eps / 2 };
    const byGradient = wrong(await climbLoss(target, given));
    expect(byGradient).toBeGreaterThan(2);
    expect(wrong(x)).toBeGreaterThanOrEqual(byGradient - 2);
    expect(await searchSquares(target, search)).toEqual(x);
  });
});

test("a margin that no query betters leaves an example where the search begins", async () => {
  const { target } = plane();
  const constant = { ...target, outputs: async () => new Float32Array(2 * count).fill(1) };
  const given = { norm: "linf", eps: 0.1, queries: 5, image, seed: 0, first: 0 } as const;
  const x = await searchSquares(constant, given);
  const begun = await searchSquares(target, { ...given, queries: 1 });
  expect(x).toEqual(begun);
});

test("clipping leaves what is not bounded", () => {
  const x = Float32Array.of(-2, 0.5, 3);
  clip(x, undefined);
  expect(x).toEqual(Float32Array.of(-2, 0.5, 3));
  clip(x, [0, 1]);
  expect(x).toEqual(Float32Array.of(0, 0.5, 1));
});

test("a uniform place in a ball is anywhere in it", () => {
  const places = Array.from({ length: 2000 }, (_, i) => {
    const example = new Float32Array(2);
    norms.l2.scatter(example, 2, new Random(i));
    return Math.hypot(...example);
  });
  expect(Math.max(...places)).toBeLessThan(2);
  // Half of a disc's area is within 1/√2 of its radius.
  const within = places.filter((radius) => radius < Math.SQRT2).length / places.length;
  expect(within).toBeGreaterThan(0.46);
  expect(within).toBeLessThan(0.54);
});
