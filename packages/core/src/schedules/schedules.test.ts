import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  BioflaxError,
  createLearningRate,
  createSchedule,
  rateAt,
  type ScheduleSpec,
  schedules,
} from "../index";

const STEPS = [0, 1, 2, 3, 4, 5, 7, 9, 10, 11, 15, 20, 35];

/** What optax 0.2.8 gives at those steps in float64, for an initial value of 1. */
const optax: readonly (readonly [string, ScheduleSpec, readonly number[]])[] = [
  ["constant_schedule(1)", { name: "constant" }, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
  [
    "piecewise_constant_schedule(1, {3: 0.1, 10: 0.1})",
    { name: "multiStep", milestones: [3, 10] },
    [1, 1, 1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.01, 0.01],
  ],
  [
    "piecewise_constant_schedule(1, {1: 0.3, 2: 0.3, 15: 0.3})",
    { name: "multiStep", milestones: [1, 2, 15], gamma: 0.3 },
    [1, 0.3, 0.09, 0.09, 0.09, 0.09, 0.09, 0.09, 0.09, 0.09, 0.027, 0.027, 0.027],
  ],
  [
    "cosine_decay_schedule(1, 10)",
    { name: "cosine", steps: 10 },
    [
      1, 0.9755282581475768, 0.9045084971874737, 0.7938926261462366, 0.6545084971874737, 0.5,
      0.2061073738537635, 0.024471741852423234, 0, 0, 0, 0, 0,
    ],
  ],
  [
    "cosine_decay_schedule(1, 7, alpha=0.1)",
    { name: "cosine", steps: 7, alpha: 0.1 },
    [
      1, 0.9554359905560885, 0.8305704108364301, 0.6501344202803414, 0.44986557971965857,
      0.26942958916356996, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1,
    ],
  ],
  [
    "exponential_decay(1, 4, 0.6)",
    { name: "exponential", steps: 4, gamma: 0.6 },
    [
      1, 0.8801117367933934, 0.7745966692414834, 0.6817316198804996, 0.6, 0.528067042076036,
      0.40903897192829974, 0.3168402252456216, 0.278854800926934, 0.24542338315697984,
      0.1472540298941879, 0.07776, 0.011450473364572049,
    ],
  ],
  [
    "exponential_decay(1, 4, 0.9, staircase=True)",
    { name: "exponential", steps: 4, gamma: 0.9, staircase: true },
    [1, 1, 1, 1, 0.9, 0.9, 0.9, 0.81, 0.81, 0.81, 0.729, 0.59049, 0.43046721],
  ],
  [
    "warmup_cosine_decay_schedule(0, 1, 5, 15)",
    { name: "cosine", steps: 10, warmup: { steps: 5 } },
    [
      0, 0.2, 0.4, 0.6, 0.8, 1, 0.9045084971874737, 0.6545084971874737, 0.5, 0.34549150281252633, 0,
      0, 0,
    ],
  ],
  [
    "join_schedules([linear_schedule(0.25, 1, 4), piecewise_constant_schedule(1, {3: 0.1, 10: 0.1})], [4])",
    { name: "multiStep", milestones: [3, 10], warmup: { steps: 4, from: 0.25 } },
    [0.25, 0.4375, 0.625, 0.8125, 1, 1, 0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01],
  ],
  [
    "warmup_exponential_decay_schedule(0.1, 1, 3, 4, 0.6)",
    { name: "exponential", steps: 4, gamma: 0.6, warmup: { steps: 3, from: 0.1 } },
    [
      0.1, 0.4, 0.7, 1, 0.8801117367933934, 0.7745966692414834, 0.6, 0.46475800154489,
      0.40903897192829974, 0.36, 0.216, 0.11406248108842376, 0.01679616,
    ],
  ],
  [
    "join_schedules([linear_schedule(0, 1, 10), constant_schedule(1)], [10])",
    { name: "constant", warmup: { steps: 10 } },
    [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9, 1, 1, 1, 1, 1],
  ],
];

test.each(optax)("optax's %s", (_name, spec, expected) => {
  const factor = createSchedule(spec);
  STEPS.forEach((step, i) => expect(factor(step)).toBeCloseTo(expected[i] as number, 14));
});

test("every schedule is held against optax's", () => {
  expect(new Set(optax.map(([, { name }]) => name))).toEqual(new Set(schedules.names()));
});

const steps = fc.integer({ min: 1, max: 1000 });
const step = fc.nat(3000);
const gamma = fc.double({ min: 0.01, max: 1, noNaN: true });
const bare: fc.Arbitrary<ScheduleSpec> = fc.oneof(
  fc.constant<ScheduleSpec>({ name: "constant" }),
  fc.record({
    name: fc.constant("multiStep" as const),
    milestones: fc
      .uniqueArray(steps, { minLength: 1, maxLength: 5 })
      .map((milestones) => milestones.sort((a, b) => a - b)),
    gamma,
  }),
  fc.record({
    name: fc.constant("cosine" as const),
    steps,
    alpha: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  fc.record({ name: fc.constant("exponential" as const), steps, gamma, staircase: fc.boolean() }),
);

describe("any schedule that falls", () => {
  test("starts from the whole rate and never rises", () => {
    fc.assert(
      fc.property(bare, step, step, (spec, a, b) => {
        const factor = createSchedule(spec);
        expect(factor(0)).toBe(1);
        expect(factor(Math.max(a, b))).toBeLessThanOrEqual(factor(Math.min(a, b)) + 1e-15);
        expect(factor(a)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test("goes on after a warm-up as if it had just begun, and before it the rate rises evenly", () => {
    const from = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(bare, steps, from, step, (spec, n, start, t) => {
        const factor = createSchedule({ ...spec, warmup: { steps: n, from: start } });
        expect(factor(n + t)).toBe(createSchedule(spec)(t));
        const before = Math.min(t, n);
        expect(factor(before)).toBeCloseTo(start + ((1 - start) * before) / n, 12);
      }),
    );
  });
});

test("a learning rate is a number, or with a schedule what that makes of it", () => {
  expect(createLearningRate({ learningRate: 0.5 })).toBe(0.5);
  expect(rateAt(0.5, 7)).toBe(0.5);
  const schedule = { name: "multiStep", milestones: [2], gamma: 0.5 } as const;
  const rate = createLearningRate({ learningRate: 0.5, schedule });
  expect([0, 1, 2, 3].map((at) => rateAt(rate, at))).toEqual([0.5, 0.5, 0.25, 0.25]);
});

describe("what an error says", () => {
  test.each<[unknown, string]>([
    [{ name: "cosin", steps: 3 }, 'Unknown schedule "cosin". Did you mean "cosine"?'],
    [
      { name: "cosine" },
      'Schedule "cosine": expected "steps" to be a whole number from 1, received undefined.',
    ],
    [{ name: "cosine", steps: 2.5 }, "received 2.5"],
    [{ name: "cosine", steps: 3, alpha: -1 }, '"alpha" to be a number from 0 upwards, received -1'],
    [
      { name: "exponential", steps: 0, gamma: 1 },
      'Schedule "exponential": expected "steps" to be a whole number from 1, received 0.',
    ],
    [{ name: "exponential", steps: 3, gamma: 0 }, '"gamma" to be a number above 0, received 0'],
    [
      { name: "multiStep", milestones: [3], gamma: Number.NaN },
      'Schedule "multiStep": expected "gamma" to be a number above 0, received NaN.',
    ],
    ...[undefined, [0], [1.5]].map((milestones): [unknown, string] => [
      { name: "multiStep", milestones },
      `Schedule "multiStep": expected "milestones" to be a list of whole numbers from 1, received ${JSON.stringify(milestones)}.`,
    ]),
    ...[[], [2, 2], [3, 1]].map((milestones): [unknown, string] => [
      { name: "multiStep", milestones },
      'Schedule "multiStep": expected "milestones" to be whole numbers from 1, each larger than the one before, ' +
        `received ${JSON.stringify(milestones)}.`,
    ]),
    [
      { name: "constant", warmup: { steps: 0 } },
      'Schedule "constant", warmup: expected "steps" to be a whole number from 1, received 0.',
    ],
    [
      { name: "constant", warmup: { steps: 2, from: -0.1 } },
      '"from" to be a number from 0 upwards, received -0.1',
    ],
  ])("%j", (spec, text) => {
    const act = () => createSchedule(spec as ScheduleSpec);
    expect(act).toThrow(BioflaxError);
    expect(act).toThrow(text);
  });
});
